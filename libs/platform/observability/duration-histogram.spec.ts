import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { DurationHistogram } from './duration-histogram.js';

const DEFINITION = {
  name: 'seconds',
  help: 'How long it took.',
  labelNames: ['method', 'route'],
  buckets: [0.001, 0.01, 0.1, 1],
} as const;

const labels = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  route: fc.constantFrom('/a', '/b/:id', '"\n\\'),
});
const durations = fc.oneof(
  fc.constantFrom(0, ...DEFINITION.buckets),
  fc.double({ min: 0, max: 10, noNaN: true }),
);

const linesOf = async (registry: Registry): Promise<Set<string>> =>
  new Set((await registry.metrics()).split('\n'));

it('is exposed as a histogram of prom-client with the same observations', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(labels, durations), { minLength: 1 }), async (observations) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const counted = new DurationHistogram(DEFINITION, ours);
      const expected = new Histogram({
        ...DEFINITION,
        labelNames: [...DEFINITION.labelNames],
        buckets: [...DEFINITION.buckets],
        registers: [theirs],
      });
      for (const [label, seconds] of observations) {
        counted.of(label.method, label.route).observe(seconds);
        expected.observe(label, seconds);
      }
      expect(await linesOf(ours)).toEqual(await linesOf(theirs));
    }),
  );
});

it('starts again when the registry is reset', async () => {
  const registry = new Registry();
  new DurationHistogram(DEFINITION, registry).of('GET', '/a').observe(1);
  registry.resetMetrics();
  expect(await registry.metrics()).not.toContain('seconds_count');
});
