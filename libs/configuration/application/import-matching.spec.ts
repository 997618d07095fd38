import fc from 'fast-check';
import { contentOf } from '../domain/configuration.js';
import type { ConfigurationState } from '../domain/configuration-state.js';
import { serviceId } from '../domain/identity.js';
import { aConfiguration } from '../testing/a-configuration.js';
import { assign } from './import-matching.js';
import type { Wanted } from './import-matching.js';

const service = serviceId('orders');
const stored = (state: Partial<ConfigurationState> = {}): ConfigurationState =>
  aConfiguration({ service, ...state }).snapshot;
const wanted = (state: Partial<ConfigurationState> = {}): Wanted => {
  const like = stored(state);
  return { scope: like, content: contentOf(like) };
};
const [noon, night] = [new Date('2026-05-01T12:00:00Z'), new Date('2026-05-01T20:00:00Z')];

it('finds each by its scope and window, whatever else it has', () => {
  const there = [
    stored(),
    stored({ effectiveFrom: noon }),
    stored({ effectiveUntil: noon }),
    stored({ environment: 'base' as never }),
    stored({ name: 'logging' as never }),
  ];
  const asked = there.map((state) => wanted({ ...state, values: { a: 1 }, description: 'New' })).reverse();
  const { storedFor, left } = assign(asked, there);
  expect([...storedFor.values()]).toEqual([...there].reverse());
  expect(left).toEqual([]);
});

it('makes what is not there, and leaves what nobody asked for', () => {
  const there = stored({ effectiveFrom: noon });
  const asked = wanted({ effectiveFrom: night });
  const { storedFor, left } = assign([asked], [there]);
  expect([storedFor.get(asked), left]).toEqual([null, [there]]);
});

it('takes of several inactive ones the equal one, then one that is as active as wanted, then any', () => {
  const [active, draft, other] = [
    stored(),
    stored({ isActive: false }),
    stored({ isActive: false, values: { a: 2 } }),
  ];
  const equal = wanted({ isActive: false, values: { a: 2 } });
  const changed = wanted({ isActive: false, values: { a: 3 } });
  const last = wanted({ isActive: false, values: { a: 4 } });
  const { storedFor } = assign([last, changed, equal], [active, draft, other]);
  expect(storedFor.get(equal)).toBe(other);
  expect(new Set([storedFor.get(last), storedFor.get(changed)])).toEqual(new Set([active, draft]));
  expect(storedFor.get(last)).toBe(draft);
});

it('looks at each a few times, however many there are in one place', () => {
  let looks = 0;
  const counted = <T extends object>(of: T): T =>
    new Proxy(of, {
      get(target, name) {
        if (name === 'isActive') looks += 1;
        return Reflect.get(target, name);
      },
    });
  const many = Array.from({ length: 100 }, (_, index) => index);
  const there = many.map((a) => counted(stored({ isActive: false, values: { a } })));
  const asked = many.map((a) => wanted({ isActive: false, values: { a: a + 1_000 } }));
  expect(assign(asked, there).left).toEqual([]);
  expect(looks).toBeLessThanOrEqual(2 * many.length);
});

it('takes values whose names come in another order for equal', () => {
  const there = (b: number) => stored({ isActive: false, values: { a: { x: 1, y: [b] }, b } });
  const [one, two] = [there(1), there(2)];
  const asked = wanted({ isActive: false, values: { b: 2, a: { y: [2], x: 1 } } });
  expect(assign([asked], [one, two]).storedFor.get(asked)).toBe(two);
});

it('finds in what was exported everything as it was, in whatever order it comes', () => {
  const state = fc.record({
    effectiveFrom: fc.constantFrom(null, noon, night),
    isActive: fc.boolean(),
    values: fc.constantFrom({}, { a: 1 }, { a: 2 }),
  });
  const law = fc.property(fc.array(state, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (states, order) => {
    const there = states.map((one) => stored(one as Partial<ConfigurationState>));
    const asked = there
      .map((one) => [wanted(one), order.next().value as number] as const)
      .sort(([, one], [, two]) => one - two)
      .map(([one]) => one);
    const { storedFor, left } = assign(asked, there);
    expect(left).toEqual([]);
    for (const [one, found] of storedFor) expect(found && contentOf(found)).toEqual(one.content);
  });
  fc.assert(law);
});
