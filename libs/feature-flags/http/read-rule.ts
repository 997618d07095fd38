import { v7 as uuidv7 } from 'uuid';
import type { TargetingRule } from '#flag-evaluator';
import { at } from '#platform/http';
import type { Reading } from '#platform/http';
import { sameJson } from '../domain/definition.js';
import { readComparison, readConditions, readValue } from './read-condition.js';

const ID_MAX = 255;
const DESCRIPTION_MAX = 1_000;
const SHORT_FORM = ['attribute', 'operator', 'value'] as const;
export const RULE_MEMBERS = [
  'id',
  'priority',
  'description',
  'conditions',
  ...SHORT_FORM,
  'result',
  'variant',
  'rollout_percentage',
] as const;

/** A rule, and whether it was written in the short form, which has its condition at another place. */
export interface ReadRule {
  readonly rule: TargetingRule;
  readonly isShort: boolean;
}

/** What a rule gets that it does not say itself. */
export interface RuleDefaults {
  readonly priority: number;
  /** Rules that were there before: one that says the same, and has no id yet, is taken to be that one. */
  readonly before: readonly TargetingRule[];
}

/** Rules in their order; who says no priority comes after the one before it. */
export function readRules(
  reading: Reading,
  value: unknown,
  pointer: string,
  before: readonly TargetingRule[],
): ReadRule[] {
  let left = before;
  let priority = 0;
  return reading.list(value, pointer).map((item, index) => {
    const place = at(pointer, index);
    const read = readRule(reading, reading.object(item, place, RULE_MEMBERS), place, {
      priority,
      before: left,
    });
    left = left.filter(({ id }) => id !== read.rule.id);
    priority = read.rule.priority + 1;
    return read;
  });
}

export function readRule(
  reading: Reading,
  members: Readonly<Record<string, unknown>>,
  pointer: string,
  { priority, before }: RuleDefaults,
): ReadRule {
  const isShort = SHORT_FORM.some((name) => members[name] !== undefined);
  if (isShort && members['conditions'] !== undefined) {
    reading.note(
      'unknown_property',
      at(pointer, 'conditions'),
      'A rule has either conditions, or attribute, operator and value.',
    );
  }
  const rule: Omit<TargetingRule, 'id'> = {
    priority: isGiven(members['priority'])
      ? reading.whole(members['priority'], at(pointer, 'priority'))
      : priority,
    description: isGiven(members['description'])
      ? reading.text(members['description'], at(pointer, 'description'), DESCRIPTION_MAX)
      : null,
    conditions: isShort
      ? [readComparison(reading, members, pointer)]
      : readConditions(reading, members['conditions'], at(pointer, 'conditions')),
    result: isGiven(members['result']) ? readValue(reading, members['result'], at(pointer, 'result')) : null,
    variant: isGiven(members['variant'])
      ? reading.text(members['variant'], at(pointer, 'variant'), ID_MAX)
      : null,
    rolloutPercentage: isGiven(members['rollout_percentage'])
      ? reading.number(members['rollout_percentage'], at(pointer, 'rollout_percentage'))
      : null,
  };
  const id = isGiven(members['id'])
    ? reading.text(members['id'], at(pointer, 'id'), ID_MAX)
    : (before.find((known) => sameRule(known, rule))?.id ?? uuidv7());
  return { rule: { id, ...rule }, isShort };
}

const sameRule = ({ id: _, ...known }: TargetingRule, rule: Omit<TargetingRule, 'id'>): boolean =>
  sameJson(known, rule);

/** In a rule null says nothing, so that what is shown can be sent back. */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
