import { AggregateRoot, InvalidInput, lengthOf, parseSelector } from '#shared-kernel';
import type { Stamp, Violation } from '#shared-kernel';
import type { BudgetTerms } from './budget-period.js';
import { isCalendarDate } from './calendar.js';
import { categoryId } from './identity.js';
import type { BudgetId } from './identity.js';
import { MINOR_MAX } from './money.js';
import { SCOPE_CATEGORIES_MAX } from './scope.js';
import type { BudgetScope, ScopeOfBudget } from './scope.js';
import { thresholdMistakes } from './threshold.js';
import { isTimeZone } from './time-zone.js';

export const BUDGET_NAME_LENGTH_MAX = 200;

/** The part of a budget that has a history and can be rolled back. */
export interface BudgetContent extends BudgetTerms, ScopeOfBudget {
  /** Unique in the tenant. */
  readonly name: string;
  /** A team of the catalog. */
  readonly ownerTeamId: string | null;
  readonly scope: BudgetScope;
  /** A name of the IANA time zone database: where the days of this budget begin. */
  readonly timeZone: string;
}

/** Everything there is to know about a budget. */
export interface BudgetState extends BudgetContent {
  readonly id: BudgetId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
}

/** What is to change; absent leaves as it is. */
export type BudgetRevision = Partial<BudgetContent>;

/** What may be spent in a period, and of what. */
export class Budget extends AggregateRoot<BudgetState> {
  /** @throws InvalidInput */
  static create(
    identity: Pick<BudgetState, 'id' | 'tenant'>,
    content: BudgetContent,
    reason: string | null = null,
  ): Budget {
    const budget = new Budget({ ...identity, ...checked(content), version: 0, stamp: null });
    budget.record('created', { reason });
    return budget;
  }

  /** Rebuilds a stored budget; for repositories and tests alone. */
  static restore(state: BudgetState): Budget {
    return new Budget(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: BudgetRevision, reason: string | null): void {
    const next = { ...this.state, ...revision };
    checked(next);
    if (sameBudget(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. */
  revertTo(past: BudgetContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...past };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away, with what was reckoned for it; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));

/** True when both say the same of a budget. */
export const sameBudget = (a: BudgetContent, b: BudgetContent): boolean => partsOf(a) === partsOf(b);

/** True when both count the same items in the same periods. */
export const countsAlike = (a: BudgetContent, b: BudgetContent): boolean => countedOf(a) === countedOf(b);

const countedOf = ({ scope, currency, period, startDate, endDate }: BudgetContent): string =>
  textOf([scopeOf(scope), currency, period, startDate, endDate]);

const partsOf = (content: BudgetContent): string =>
  textOf([
    ...[content.name, content.ownerTeamId, content.limit, content.timeZone, content.rollover],
    ...[
      countedOf(content),
      content.thresholds.map(({ percent, action, priority }) => [percent, action, priority]),
    ],
  ]);

const scopeOf = ({ teamId, environment, categoryIds, selector }: BudgetScope): unknown[] => [
  ...[teamId, environment, selector],
  [...categoryIds].sort(),
];

/** @throws InvalidInput */
function checked(content: BudgetContent): BudgetContent {
  const violations = budgetMistakes(content);
  if (violations.length > 0) throw new InvalidInput(violations);
  return content;
}

/** Everything that is wrong with a budget, each at its place. */
export const budgetMistakes = (content: BudgetContent): Violation[] => [
  ...nameMistakes(content),
  ...limitMistakes(content),
  ...dateMistakes(content),
  ...scopeMistakes(content.scope),
  ...(isTimeZone(content.timeZone)
    ? []
    : [mistake('/time_zone', 'unknown_time_zone', 'It is a name of the IANA database, as Europe/Berlin.')]),
  ...thresholdMistakes(content.thresholds),
];

function nameMistakes({ name }: BudgetContent): Violation[] {
  if (name !== '' && lengthOf(name) <= BUDGET_NAME_LENGTH_MAX) return [];
  const detail = `It must have 1 to ${BUDGET_NAME_LENGTH_MAX} characters.`;
  return [mistake('/name', name === '' ? 'too_short' : 'too_long', detail)];
}

function limitMistakes({ limit }: BudgetContent): Violation[] {
  if (limit < 0n) return [mistake('/limit', 'negative_amount', 'A limit is 0 or more.')];
  return limit > MINOR_MAX ? [mistake('/limit', 'too_large', 'So much cannot be stored.')] : [];
}

function dateMistakes({ startDate, endDate }: BudgetContent): Violation[] {
  const violations: Violation[] = [];
  const known = (date: string, pointer: string): boolean => {
    if (isCalendarDate(date)) return true;
    violations.push(mistake(pointer, 'date', 'There is no such day in the years 0001 to 9999.'));
    return false;
  };
  const areKnown = [known(startDate, '/start_date'), endDate === null || known(endDate, '/end_date')];
  if (areKnown.every(Boolean) && endDate !== null && endDate <= startDate) {
    const detail = 'It is the first day that does not count any more: after start_date.';
    violations.push(mistake('/end_date', 'order', detail));
  }
  return violations;
}

function scopeMistakes({ categoryIds, selector }: BudgetScope): Violation[] {
  const pointer = '/scope/category_ids';
  if (categoryIds.length > SCOPE_CATEGORIES_MAX)
    return [mistake(pointer, 'too_many', `It must have at most ${SCOPE_CATEGORIES_MAX} items.`)];
  const twice = categoryIds.flatMap((id, index) =>
    categoryIds.indexOf(id) < index ? [mistake(`${pointer}/${index}`, 'duplicate', 'It is said twice.')] : [],
  );
  const unreadable = categoryIds.flatMap((id, index) =>
    mistakesOf(() => categoryId(id, `${pointer}/${index}`)),
  );
  const selectors = selector === null ? [] : mistakesOf(() => parseSelector(selector, '/scope/selector'));
  return [...twice, ...unreadable, ...selectors];
}

function mistakesOf(read: () => unknown): readonly Violation[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.violations;
  }
}

const mistake = (pointer: string, code: string, detail: string): Violation => ({ pointer, code, detail });
