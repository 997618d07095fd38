import fc from 'fast-check';
import { findCycle } from './cycles.js';
import type { Reference } from './evaluation.js';

const flag = (name: string): Reference => ({ kind: 'flag', name });
const segment = (name: string): Reference => ({ kind: 'segment', name });

it('finds the way back to the start, through flags and segments', () => {
  const edges: Record<string, Reference[]> = {
    checkout: [flag('unrelated'), segment('staff')],
    staff: [flag('beta')],
    beta: [flag('checkout')],
  };
  expect(findCycle(flag('checkout'), ({ name }) => edges[name] ?? [])).toEqual([
    flag('checkout'),
    segment('staff'),
    flag('beta'),
    flag('checkout'),
  ]);
});

it('finds what refers to itself', () => {
  expect(findCycle(flag('a'), () => [flag('a')])).toEqual([flag('a'), flag('a')]);
});

it('tells a flag from a segment of the same name', () => {
  expect(findCycle(flag('a'), ({ kind }) => (kind === 'flag' ? [segment('a')] : []))).toBeNull();
});

it('leaves circles alone that do not hold the start', () => {
  expect(findCycle(flag('start'), () => [flag('a'), flag('b')])).toBeNull();
});

it('gives the references alone, without what else they carry', () => {
  const carrying = { ...flag('a'), pointer: '/prerequisites/0/flag' };
  expect(findCycle(flag('a'), () => [carrying])).toEqual([flag('a'), flag('a')]);
});

it('goes 100,000 steps deep', () => {
  const next = (step: number): Reference => flag(String((step + 1) % 100_000));
  const path = findCycle(flag('0'), ({ name }) => [next(Number(name))]);
  expect(path).toHaveLength(100_001);
  expect(path?.at(-1)).toEqual(flag('0'));
});

it('law: a path goes along references from the start to the start, and there is one exactly when it can be reached', () => {
  const graphs = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(graphs, (graph) => {
      const from = ({ name }: Reference): Reference[] =>
        (graph[Number(name)] ?? []).map((to) => flag(String(to)));
      const reached = new Set<string>();
      for (let open = from(flag('0')); open.length > 0;) {
        const fresh = open.filter(({ name }) => !reached.has(name));
        for (const { name } of fresh) reached.add(name);
        open = fresh.flatMap(from);
      }
      const path = findCycle(flag('0'), from);
      expect(path !== null).toBe(reached.has('0'));
      if (path === null) return;
      expect([path[0], path.at(-1)]).toEqual([flag('0'), flag('0')]);
      for (const [index, step] of path.slice(1).entries()) expect(from(path[index]!)).toContainEqual(step);
    }),
  );
});
