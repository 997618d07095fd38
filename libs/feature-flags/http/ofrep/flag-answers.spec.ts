import { aFlagInput, aFlagSet } from '../../testing/a-flag-input.js';
import { SetAnswers } from './flag-answers.js';
import type { Sight } from './flag-answers.js';

const NOWHERE = { tenant: null, environment: null, now: Date.UTC(2026, 4, 1) };
const rule = {
  id: 'r1',
  priority: 0,
  description: null,
  result: null,
  variant: null,
  rolloutPercentage: null,
};
const ofKey = { attribute: 'targetingKey', operator: 'eq', value: 'u1' } as const;

let answers: SetAnswers;

beforeEach(() => {
  answers = new SetAnswers();
});

function told(flag: ReturnType<typeof aFlagInput>, sight: Sight = 'all') {
  const set = aFlagSet([flag, aFlagInput('off', { enabled: false, isClientVisible: true })]);
  const evaluation = set.evaluate(flag.name, { targetingKey: 'u1' }, NOWHERE);
  if (!evaluation) throw new Error('There is no such flag.');
  const answer = answers.find(set, flag.name, sight)?.of(evaluation);
  return { status: answer?.status, body: JSON.parse(answer?.text ?? 'null') };
}

it('tells key, reason, value and version', () => {
  expect(told(aFlagInput('a', { version: 7 }))).toEqual({
    status: 200,
    body: { key: 'a', reason: 'STATIC', value: true, metadata: { version: 7 } },
  });
});

it('has no value where the default of the code applies', () => {
  const { body } = told(aFlagInput('a', { enabled: false, defaultValue: null }));
  expect(body).toEqual({ key: 'a', reason: 'DISABLED', metadata: { version: 1 } });
});

it('tells the variant and the rule', () => {
  const variants = [{ name: 'blue', value: '#00f', weight: 1, ranges: [{ from: 0, until: 100_000 }] }];
  const targetingRules = [{ ...rule, conditions: [ofKey], variant: 'blue' }];
  const flag = aFlagInput('a', {
    ...{ type: 'string', defaultValue: '#000', rolloutValue: null, rolloutPercentage: 0 },
    ...{ variants, targetingRules },
  });
  expect(told(flag).body).toEqual({
    ...{ key: 'a', reason: 'TARGETING_MATCH', value: '#00f', variant: 'blue' },
    metadata: { version: 1, rule_id: 'r1' },
  });
});

it('tells that a flag expired', () => {
  const { body } = told(aFlagInput('a', { expiresAt: 1 }));
  expect(body).toMatchObject({ reason: 'DISABLED', value: false, metadata: { version: 1, expired: true } });
});

it('names the flag that is waited for, and to browsers does not', () => {
  const flag = aFlagInput('a', {
    isClientVisible: true,
    prerequisites: [{ flag: 'off', equals: true }],
  });
  expect(told(flag).body.metadata).toEqual({ version: 1, prerequisite_failed: 'off' });
  expect(told(flag, 'client').body.metadata).toEqual({ version: 1 });
});

it('fails where a key is needed and there is none', () => {
  const flag = aFlagInput('a', { rolloutPercentage: 50, bucketBy: 'device' });
  const { status, body } = told(flag);
  expect([status, body.key, body.errorCode, 'value' in body]).toEqual([
    400,
    'a',
    'TARGETING_KEY_MISSING',
    false,
  ]);
});

it('hides from browsers what is not for them, as if it were not there', () => {
  const set = aFlagSet([aFlagInput('hidden'), aFlagInput('shown', { isClientVisible: true })]);
  expect(answers.find(set, 'hidden', 'client')).toBeUndefined();
  expect(answers.find(set, 'never', 'client')).toBeUndefined();
  expect(answers.list(set, 'client').map(({ name }) => name)).toEqual(['shown']);
  expect(answers.list(set, 'all').map(({ name }) => name)).toEqual(['hidden', 'shown']);
});

it('keeps the text of what did not change', () => {
  const set = aFlagSet([aFlagInput('a'), aFlagInput('b')]);
  const next = set.with({ flags: new Map([['b', aFlagInput('b', { version: 2 })]]) });
  const textOf = (one: typeof set, name: string) => {
    const evaluation = one.evaluate(name, {}, NOWHERE);
    return evaluation && answers.find(one, name, 'all')?.of(evaluation);
  };
  expect(textOf(next, 'a')).toBe(textOf(set, 'a'));
  expect(textOf(next, 'b')?.text).toContain('"version":2');
});
