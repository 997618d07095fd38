import type { Condition, Operator } from './definition.js';
import { holds } from './testing/builders.js';

type Row = readonly [actual: unknown, operator: Operator, value: unknown, expected: boolean];

/** Whether an operator holds of an attribute `it`; undefined: the context has no such attribute. */
const holdsOf = (actual: unknown, operator: Operator, value: unknown): unknown =>
  holds({ attribute: 'it', operator, value } as Condition, actual === undefined ? {} : { it: actual });

describe('an operator', () => {
  const rows: readonly Row[] = [
    ['US', 'eq', 'US', true],
    ['us', 'eq', 'US', false],
    [5, 'eq', 5, true],
    [5, 'eq', '5', true],
    ['5', 'eq', 5, true],
    ['5.0', 'eq', 5, false],
    [true, 'eq', true, true],
    [true, 'eq', 'true', true],
    ['false', 'eq', false, true],
    [0, 'eq', false, false],
    ['', 'eq', '', true],
    ['b', 'eq', ['a', 'b'], true],
    [{ a: 1 }, 'eq', 'x', false],
    ['US', 'neq', 'DE', true],
    ['US', 'neq', 'US', false],
    ['US', 'neq', ['US', 'DE'], false],
    [{ a: 1 }, 'neq', 'x', true],
    ['abc', 'contains', 'b', true],
    ['abc', 'contains', 'B', false],
    ['abc', 'contains', ['x', 'c'], true],
    [1234, 'contains', '23', true],
    ['abc', 'not_contains', 'x', true],
    ['abc', 'not_contains', 'b', false],
    ['abc', 'not_contains', ['x', 'c'], false],
    ['abc', 'starts_with', 'ab', true],
    ['abc', 'starts_with', 'b', false],
    ['abc', 'ends_with', 'bc', true],
    ['abc', 'ends_with', ['a', 'b'], false],
    ['ada@example.com', 'regex', '@example\\.(com|org)$', true],
    ['ada@example.com', 'regex', '^example', false],
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', 'regex', '^(a+)+$', false],
    ['x', 'regex', '(', false],
    [42, 'regex', '^4', true],
    ['US', 'in', ['US', 'CA'], true],
    ['DE', 'in', ['US', 'CA'], false],
    ['CA', 'in', 'US, CA ,GB', true],
    [7, 'in', '5,6,7', true],
    ['7', 'in', [5, 6, 7], true],
    [true, 'in', ['true', 'x'], true],
    [NaN, 'in', ['a', 'b'], false],
    ['', 'in', '', false],
    ['i', 'in', [...'abcdefghij'], true],
    ['z', 'in', [...'abcdefghij'], false],
    [9, 'in', [...'0123456789'], true],
    [10, 'in', [...'0123456789'], false],
    [true, 'in', [...'abcdefghij', 'true'], true],
    ['DE', 'not_in', ['US', 'CA'], true],
    ['US', 'not_in', 'US,CA', false],
    [18, 'gt', 17, true],
    [18, 'gt', 18, false],
    ['18.5', 'gt', 18, true],
    ['1e3', 'gt', '999', true],
    [18, 'gte', 18, true],
    [17, 'lt', 18, true],
    [18, 'lt', 18, false],
    [18, 'lte', '18', true],
    ['', 'lt', 1, false],
    [' 1', 'gt', 0, false],
    ['0x10', 'gt', 0, false],
    [true, 'gt', 0, false],
    ['x', 'gte', 'x', false],
    [0, 'exists', undefined, true],
    ['', 'exists', undefined, true],
    [[], 'exists', undefined, true],
    [null, 'exists', undefined, false],
    [undefined, 'exists', undefined, false],
    [undefined, 'not_exists', undefined, true],
    [null, 'not_exists', undefined, true],
    [false, 'not_exists', undefined, false],
    ['1.10.0', 'semver_gt', '1.9.0', true],
    ['v2', 'semver_gte', '2.0.0', true],
    ['2.0.0-rc.1', 'semver_lt', '2', true],
    ['2.0.0', 'semver_lte', 'v2.0', true],
    ['2.0.1', 'semver_lte', 'v2.0', false],
    ['2.0.0', 'semver_gt', '2.0.0', false],
    ['latest', 'semver_gt', '1.0.0', false],
    [2, 'semver_gt', '1.0.0', false],
    ['2.0.0', 'semver_lt', 'latest', false],
    ['2026-01-01T00:00:00Z', 'before', '2026-01-01T00:00:00.001Z', true],
    ['2026-01-01T01:00:00+02:00', 'before', '2026-01-01T00:00:00Z', true],
    ['2026-01-01T00:00:00Z', 'before', '2026-01-01T00:00:00Z', false],
    [1767225600001, 'after', '2026-01-01T00:00:00Z', true],
    ['2026-01-02T00:00:00Z', 'after', 1767225600000, true],
    ['soon', 'after', 0, false],
    ['10.1.2.3', 'in_cidr', '10.0.0.0/8', true],
    ['10.1.2.3', 'in_cidr', ['192.168.0.0/16', '10.0.0.0/8'], true],
    ['2001:db8::1', 'in_cidr', '10.0.0.0/8', false],
    ['10.1.2.3', 'in_cidr', 'everything', false],
  ];

  it.each(rows)('of %j %s %j is %s', (actual, operator, value, expected) => {
    expect(holdsOf(actual, operator, value)).toBe(expected);
  });

  it.each<Row>([
    [['a', 'b'], 'eq', 'b', true],
    [['a', 'b'], 'neq', 'b', true],
    [['b'], 'neq', 'b', false],
    [['a', 'b'], 'not_in', ['a', 'b'], false],
    [['a', 'c'], 'not_in', ['a', 'b'], true],
    [[1, 20], 'gt', 10, true],
    [[null, undefined], 'neq', 'a', false],
    [[], 'neq', 'a', false],
    [['beta-tester', 'x'], 'contains', 'beta', true],
    [[['a']], 'eq', 'a', false],
  ])('of a list %j %s %j asks its elements one by one: %s', (actual, operator, value, expected) => {
    expect(holdsOf(actual, operator, value)).toBe(expected);
  });

  const needing = [
    'eq',
    'neq',
    'contains',
    'not_contains',
    'regex',
    'in',
    'not_in',
    'gt',
    'semver_lt',
    'before',
    'in_cidr',
  ] as const;

  it.each(needing)('%s does not hold of an attribute that is missing, null or no JSON', (operator) => {
    for (const actual of [undefined, null, () => 1, Symbol('x'), 10n])
      expect(holdsOf(actual, operator, '1')).toBe(false);
  });

  it.each(needing)('%s without a value holds of nobody', (operator) => {
    expect(holdsOf('1', operator, undefined)).toBe(false);
  });
});

describe('an attribute', () => {
  const isSet = (attribute: string, context: Record<string, unknown>): unknown =>
    holds({ attribute, operator: 'eq', value: 'x' }, context);

  it('is a path through objects', () => {
    expect(isSet('user.address.city', { user: { address: { city: 'x' } } })).toBe(true);
    expect(isSet('user.address.city', { user: { address: null } })).toBe(false);
    expect(isSet('user.city', { user: 'x' })).toBe(false);
  });

  it('is first of all the literal key, even when that holds null', () => {
    expect(isSet('user.city', { 'user.city': 'x', user: { city: 'y' } })).toBe(true);
    expect(isSet('user.city', { 'user.city': null, user: { city: 'x' } })).toBe(false);
    expect(isSet('user.city', { 'user.city': undefined, user: { city: 'x' } })).toBe(true);
  });

  it('does not lead into lists', () => {
    expect(isSet('users.0', { users: ['x'] })).toBe(false);
    expect(holds({ attribute: 'users.length', operator: 'exists' }, { users: ['x'] })).toBe(false);
  });

  it.each(['constructor', '__proto__', 'toString', 'user.constructor', 'user.__proto__', 'constructor.name'])(
    '%s is missing where nobody sent it',
    (attribute) => {
      expect(holds({ attribute, operator: 'exists' }, { user: {} })).toBe(false);
      expect(holds({ attribute, operator: 'not_exists' }, { user: {} })).toBe(true);
    },
  );

  it('of any name is found where it was sent', () => {
    expect(isSet('__proto__', JSON.parse('{"__proto__": "x"}'))).toBe(true);
    expect(isSet('constructor', { constructor: 'x' })).toBe(true);
    expect(isSet('', { '': 'x' })).toBe(true);
    expect(isSet('a.', { a: { '': 'x' } })).toBe(true);
  });
});

describe('a group of conditions', () => {
  const yes: Condition = { attribute: 'a', operator: 'exists' };
  const no: Condition = { attribute: 'a', operator: 'not_exists' };

  it.each<readonly [Condition, boolean]>([
    [{ any: [] }, false],
    [{ any: [no, no] }, false],
    [{ any: [no, yes] }, true],
    [{ all: [] }, true],
    [{ all: [yes] }, true],
    [{ all: [yes, no] }, false],
    [{ not: no }, true],
    [{ not: yes }, false],
    [{ not: { attribute: 'missing', operator: 'eq', value: 1 } }, true],
    [{ any: [{ all: [yes, { not: yes }] }, { not: { any: [no] } }] }, true],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition, { a: 1 })).toBe(expected);
  });
});
