import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';
import { jsonPatch } from './json-patch.js';

const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What the patch makes of the first document. */
function patched(before: unknown, after: unknown): unknown {
  const document = { root: copyOf(before) };
  const steps = jsonPatch(before, after).map((step) => ({ ...step, path: `/root${step.path}` }));
  expect(applyPatch(document, copyOf(steps) as Operation[])).toEqual(steps.map(() => null));
  return document.root;
}

/** How many values a comparison looks at; the counter sits in the documents. */
function looks(before: object, after: object): number {
  let count = 0;
  const counted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? new Proxy(value, {
          get: (target, name, receiver) => {
            count += 1;
            return counted(Reflect.get(target, name, receiver));
          },
        })
      : value;
  jsonPatch(counted(before), counted(after));
  return count;
}

const numbers = (length: number, first: number): number[] =>
  Array.from({ length }, (_, index) => first + index);
const nested = (depth: number, innermost: unknown): unknown =>
  Array.from({ length: depth }).reduce((inner) => [inner], innermost);

describe('a patch', () => {
  it('makes the second document out of the first, whatever they are', () => {
    const name = fc.constantFrom('a', 'b', '', '~', '/', '~1', 'toString');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, 1, 'a', ''),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(name, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const law = fc.property(value, value, (before, after) => {
      expect(patched(before, after)).toEqual(copyOf(after));
    });
    fc.assert(law, { numRuns: 2_000 });
  });

  it('is empty for documents that are the same, in whatever order their members come', () => {
    expect(jsonPatch({ a: [1, { b: null }], c: 'd' }, { c: 'd', a: [1, { b: null }] })).toEqual([]);
  });

  it.each([
    ['an item more in the middle', [1, 2, 3], [1, 9, 2, 3], [{ op: 'add', path: '/1', value: 9 }]],
    ['an item less in the middle', [{ a: 1 }, 2, 3], [{ a: 1 }, 3], [{ op: 'remove', path: '/1' }]],
    [
      'a deep change',
      { a: [{ b: 1 }, 2] },
      { a: [{ b: 3 }, 2] },
      [{ op: 'replace', path: '/a/0/b', value: 3 }],
    ],
    ['another kind of value', { a: [] }, { a: {} }, [{ op: 'replace', path: '/a', value: {} }]],
    ['names with signs of a pointer', { 'x/y~z': 1 }, {}, [{ op: 'remove', path: '/x~1y~0z' }]],
    ['all of it', null, { a: 1 }, [{ op: 'replace', path: '', value: { a: 1 } }]],
  ])('names %s', (_, before, after, steps) => {
    expect(jsonPatch(before, after)).toEqual(steps);
  });
});

describe('the work', () => {
  it.each([
    ['arrays with nothing in common', numbers(5_000, 0), numbers(5_000, 9_000)],
    ['an array and the same turned round', numbers(5_000, 0), numbers(5_000, 0).reverse()],
    ['an array and the same moved on', numbers(5_000, 0), numbers(5_000, 2_500)],
    ['arrays of arrays', numbers(1_000, 0).map((n) => [n, n]), numbers(1_000, 5).map((n) => [n, n])],
  ])('grows with the documents alone: %s', (_, before, after) => {
    const size = JSON.stringify([before, after]).length;
    expect(looks(before, after)).toBeLessThan(4 * size);
  });

  it('grows with size and depth at most where the difference lies innermost', () => {
    const [before, after] = [nested(64, numbers(1_000, 0)), nested(64, [...numbers(999, 0), 'x'])];
    expect(looks(before as object, after as object)).toBeLessThan(64 * 1_000 * 8);
    expect(patched(before, after)).toEqual(after);
  });

  it('never makes a patch many times as large as the documents: a long name above many changes', () => {
    const [before, after] = [0, 9].map((first) => ({ ['k'.repeat(100_000)]: numbers(10_000, first) }));
    expect(jsonPatch(before, after, '/value')).toEqual([{ op: 'replace', path: '/value', value: after }]);
  });
});
