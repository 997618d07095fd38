import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Violation } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { ancestorsOf, checkBody, expectNone, isMembers, Reading, reasonOf } from '#platform/http';
import type { AskedChange, CheckedBody, Manner } from '#platform/http';
import type { BudgetChange, NewBudget } from '../application/budget.service.js';
import type { Rollover } from '../domain/budget-period.js';
import { budgetMistakes } from '../domain/budget.js';
import type { BudgetContent, BudgetRevision, BudgetState } from '../domain/budget.js';
import { budgetId } from '../domain/identity.js';
import { decimalsOf } from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';
import type { Period } from '../domain/period.js';
import type { BudgetScope } from '../domain/scope.js';
import type { Threshold, ThresholdAction } from '../domain/threshold.js';
import { CreateBudgetBody, PatchBudgetBody, ReviseBudgetBody } from './budget.dto.js';
import { readScope } from './budget-scope.js';
import { readAmount, readCurrency } from './money.wire.js';

type Raw = Readonly<Record<string, unknown>>;

/** What a budget is where a body says nothing, or nothing that can be read. */
const PLAIN: BudgetContent = {
  name: '-',
  ownerTeamId: null,
  scope: { teamId: null, environment: null, categoryIds: [], selector: null },
  currency: 'XXX' as CurrencyCode,
  limit: 0n,
  period: 'once',
  startDate: '0001-01-01',
  endDate: null,
  timeZone: 'UTC',
  rollover: 'none',
  thresholds: [],
};

/** From bodies of budgets to what the service takes; everything that is wrong is told together. */
@Injectable()
export class BudgetBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewBudget> {
    const checked = await checkBody(CreateBudgetBody, sent);
    const { body, raw } = checked;
    const reading = new Reading();
    const currency = readCurrency(raw['currency'], '/currency', reading);
    const limit = readLimit(raw, currency, reading);
    if (raw['start_date'] === undefined) reading.note('required', '/start_date', 'It is required.');
    const content: BudgetContent = {
      ...PLAIN,
      ...readRest(checked, PLAIN.scope, 'replace', reading),
      ...(currency !== null && { currency }),
      ...(limit !== null && { limit }),
    };
    expectRight(content, [...checked.violations, ...reading.violations]);
    return {
      id: budgetId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(this.context.current.caller, body.tenant_id),
      content,
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the budget is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<BudgetChange>> {
    const checked = await checkBody(manner === 'merge' ? PatchBudgetBody : ReviseBudgetBody, sent);
    return { asked: (current) => readChange(checked, current, manner), reason: reasonOf(checked) };
  }
}

/** What a body says of a budget that is there. @throws InvalidInput with all that is wrong */
function readChange(
  checked: CheckedBody<ReviseBudgetBody>,
  current: BudgetState,
  manner: Manner,
): BudgetRevision {
  const reading = new Reading();
  const change = {
    ...readRest(checked, current.scope, manner, reading),
    ...readMoneyOf(checked.raw, current.currency, reading),
  };
  expectRight({ ...current, ...change }, [...checked.violations, ...reading.violations]);
  return change;
}

/** What the domain finds is told where nothing else is wrong already. @throws InvalidInput */
function expectRight(content: BudgetContent, violations: readonly Violation[]): void {
  const places = new Set(violations.map(({ pointer }) => pointer));
  const others = budgetMistakes(content).filter(
    ({ pointer }) => !ancestorsOf(pointer).some((place) => places.has(place)),
  );
  expectNone([...violations, ...others]);
}

/** A number of minor units is another amount where a currency has other decimals: then it has to be said anew. */
function readMoneyOf(raw: Raw, current: CurrencyCode, reading: Reading): BudgetRevision {
  const isCurrencySaid = raw['currency'] !== undefined;
  const currency = isCurrencySaid ? readCurrency(raw['currency'], '/currency', reading) : current;
  const said = isCurrencySaid && currency !== null ? { currency } : {};
  if (raw['limit'] !== undefined) {
    const limit = readLimit(raw, currency, reading);
    return limit === null ? said : { ...said, limit };
  }
  if (currency !== null && decimalsOf(currency) !== decimalsOf(current)) {
    const detail = `${currency} has other decimals than ${current}: say the limit, too.`;
    reading.note('required', '/limit', detail);
  }
  return said;
}

/** As an amount is read, at its own place. */
function readLimit({ limit }: Raw, currency: CurrencyCode | null, reading: Reading): bigint | null {
  const own = new Reading();
  const minor = readAmount({ amount: limit }, currency, '', own);
  for (const { code, detail } of own.violations) reading.note(code, '/limit', detail);
  return minor;
}

type Rest = Omit<BudgetRevision, 'currency' | 'limit'>;

/** All but money. Of what is wrong by its kind the decorators tell: it is left out here. */
function readRest({ raw }: CheckedBody<object>, scope: BudgetScope, manner: Manner, reading: Reading): Rest {
  const rest = {
    name: textIn(raw, 'name'),
    ownerTeamId: lower(textOrNullIn(raw, 'owner_team_id')),
    scope: raw['scope'] === undefined ? undefined : readScope(raw['scope'], scope, manner),
    period: textIn(raw, 'period') as Period | undefined,
    startDate: readDate(raw, 'start_date', reading) ?? undefined,
    endDate: raw['end_date'] === null ? null : readDate(raw, 'end_date', reading),
    timeZone: textIn(raw, 'time_zone'),
    rollover: textIn(raw, 'rollover') as Rollover | undefined,
    thresholds: raw['thresholds'] === undefined ? undefined : readThresholds(raw['thresholds'], reading),
  };
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
}

function readDate(raw: Raw, name: 'start_date' | 'end_date', reading: Reading): string | undefined {
  const { [name]: sent } = raw;
  if (sent !== undefined && typeof sent !== 'string')
    reading.note('type', `/${name}`, 'It must be a day, for example 2026-05-01.');
  return typeof sent === 'string' ? sent : undefined;
}

function readThresholds(sent: unknown, reading: Reading): readonly Threshold[] {
  if (!Array.isArray(sent)) return [];
  return sent.map((each: unknown, index) => {
    const { percent, action, priority } = isMembers(each) ? each : UNREADABLE;
    return {
      percent: reading.number(percent, `/thresholds/${index}/percent`),
      action: action as ThresholdAction,
      priority: (priority ?? null) as number | null,
    };
  });
}

/** It keeps the place of those after it; that it is no object the decorators tell. */
const UNREADABLE = { percent: 1, action: 'event', priority: null };

const textIn = (raw: Raw, name: string): string | undefined => {
  const { [name]: value } = raw;
  return typeof value === 'string' ? value : undefined;
};

const textOrNullIn = (raw: Raw, name: string): string | null | undefined =>
  raw[name] === null ? null : textIn(raw, name);

const lower = <T extends string | null | undefined>(id: T): T =>
  (typeof id === 'string' ? id.toLowerCase() : id) as T;
