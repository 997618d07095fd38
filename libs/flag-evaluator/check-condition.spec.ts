import { checkSegment } from './check-segment.js';
import type { Condition } from './definition.js';

/** The problems of a segment with these conditions, as `pointer code`. */
const problemsIn = (...conditions: Condition[]): string[] =>
  checkSegment({ include: [], exclude: [], conditions }).map(({ pointer, code }) => `${pointer} ${code}`);

it.each<[Condition & { operator: string }, string | null]>([
  [{ attribute: 'a', operator: 'eq', value: 'x' }, null],
  [{ attribute: 'a', operator: 'neq', value: false }, null],
  [{ attribute: 'a', operator: 'in', value: 'x, y' }, null],
  [{ attribute: 'a', operator: 'not_in', value: ['x', 1, true] }, null],
  [{ attribute: 'a', operator: 'eq', value: Infinity }, 'type'],
  [{ attribute: 'a', operator: 'eq' }, 'required'],
  [{ attribute: 'a', operator: 'exists' }, null],
  [{ attribute: 'a', operator: 'exists', value: true }, 'operator_value'],
  [{ attribute: 'a', operator: 'not_exists', value: [] }, 'operator_value'],
  [{ attribute: 'a', operator: 'gt', value: '1e3' }, null],
  [{ attribute: 'a', operator: 'gte', value: 0 }, null],
  [{ attribute: 'a', operator: 'lt', value: '' }, 'operator_value'],
  [{ attribute: 'a', operator: 'lte', value: true }, 'operator_value'],
  [{ attribute: 'a', operator: 'gt', value: '1e999' }, 'operator_value'],
  [{ attribute: 'a', operator: 'semver_gt', value: 'v1.2' }, null],
  [{ attribute: 'a', operator: 'semver_gte', value: 1 }, 'operator_value'],
  [{ attribute: 'a', operator: 'semver_lt', value: '1.x' }, 'operator_value'],
  [{ attribute: 'a', operator: 'before', value: '2026-05-01T10:00:00Z' }, null],
  [{ attribute: 'a', operator: 'after', value: 1_700_000_000_000 }, null],
  [{ attribute: 'a', operator: 'after', value: 'tomorrow' }, 'operator_value'],
  [{ attribute: 'a', operator: 'before', value: '2026-02-30T00:00:00Z' }, 'operator_value'],
  [{ attribute: 'a', operator: 'in_cidr', value: '10.0.0.0/8' }, null],
  [{ attribute: 'a', operator: 'in_cidr', value: '::1/128' }, null],
  [{ attribute: 'a', operator: 'in_cidr', value: '10.0.0.0/33' }, 'operator_value'],
  [{ attribute: 'a', operator: 'in_cidr', value: 10 }, 'operator_value'],
  [{ attribute: 'a', operator: 'regex', value: '^(a+)+$' }, null],
  [{ attribute: 'a', operator: 'regex', value: '(?=a)' }, 'regex'],
  [{ attribute: 'a', operator: 'regex', value: '(' }, 'regex'],
  [{ attribute: 'a', operator: 'regex', value: 5 }, 'regex'],
  [{ attribute: 'a', operator: 'regex', value: 'a'.repeat(1000) }, null],
  [{ attribute: 'a', operator: 'regex', value: 'a'.repeat(1001) }, 'regex'],
  [{ attribute: 'a', operator: 'regex', value: 'a{1000}'.repeat(3) }, 'regex'],
])('judges %j: %s', (condition, code) => {
  expect(problemsIn(condition)).toEqual(code === null ? [] : [`/conditions/0/value ${code}`]);
});

it('judges each element of a list', () => {
  expect(
    problemsIn({ attribute: 'ip', operator: 'in_cidr', value: ['10.0.0.0/8', 'home', '::/0', '1.2.3'] }),
  ).toEqual(['/conditions/0/value/1 operator_value', '/conditions/0/value/3 operator_value']);
});

it('refuses an object as the value of a condition, which only a careless sender writes', () => {
  const condition: Condition = { attribute: 'a', operator: 'in' };
  Object.assign(condition, { value: { a: 1 } });
  expect(problemsIn(condition)).toEqual(['/conditions/0/value operator_value']);
  Object.assign(condition, { value: [{ a: 1 }] });
  expect(problemsIn(condition)).toEqual(['/conditions/0/value/0 operator_value']);
});

it('lets the patterns of one definition take no more than their share of time and memory', () => {
  const costly: Condition = {
    attribute: 'a',
    operator: 'regex',
    value: Array.from({ length: 10_000 }, () => 'a{1000}'),
  };
  const problems = problemsIn(costly);
  expect(problems[0]).toBe('/conditions/0/value/19 regex');
  expect(problems).toHaveLength(10_000 - 19);
});
