import { InvalidInput, parseSelector } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { expectNone, isUuid, QueryReading } from '#platform/http';
import type { ItemFilter } from '../application/item.queries.js';
import { isCalendarDate } from '../domain/calendar.js';
import { NO_DATE } from '../domain/item.js';
import type { Flow } from '../domain/item.js';
import { currencyCode, decimalsOf, parseAmount } from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';
import type { ItemListQuery } from './item.queries.dto.js';

/** A list, an export or a report asks with the same words. */
export type ItemQuestion = Omit<ItemListQuery, 'limit' | 'cursor' | 'sort' | 'include_total' | 'tenant_id'>;

/** What is asked for. @throws InvalidInput with all that is wrong */
export function toItemFilter(
  query: ItemQuestion & Pick<ItemListQuery, 'sort'>,
  tenant: string | null,
): ItemFilter {
  const reading = new QueryReading();
  const currencies = reading.each(query.currency, '/currency', currencyCode);
  const [currency, ...others] = currencies ?? [];
  const only = others.length === 0 ? currency : undefined;
  const amount = (text: string, pointer: string): bigint => amountOf(text, only, pointer);
  const filter: ItemFilter = {
    tenant,
    flows: reading.each(query.flow, '/flow', flowAsked),
    currencies,
    amountMin: reading.one(query.amount_min, '/amount_min', amount),
    amountMax: reading.one(query.amount_max, '/amount_max', amount),
    payors: reading.each(query.payor_id, '/payor_id', idAsked),
    payees: reading.each(query.payee_id, '/payee_id', idAsked),
    parties: reading.each(query.party_id, '/party_id', idAsked),
    categories: reading.each(query.category_id, '/category_id', idAsked),
    statuses: query.status,
    from: reading.one(query.from, '/from', dateAsked),
    until: reading.one(query.until, '/until', dateAsked),
    teams: reading.each(query.team_id, '/team_id', idAsked),
    environments: reading.few(query.environment, '/environment'),
    imports: reading.each(query.import_id, '/import_id', idAsked),
    selector: reading.one(query.selector, '/selector', parseSelector),
    q: query.q,
  };
  expectNone([...reading.violations, ...sortMistakes(query.sort, only)]);
  return filter;
}

/** Which amount is the larger can be said within one currency alone. */
function sortMistakes(sort: string | undefined, only: CurrencyCode | undefined): Violation[] {
  const isByAmount = sort?.split(',').some((term) => term.replace(/^-/, '') === 'amount') ?? false;
  if (!isByAmount || only !== undefined) return [];
  return [{ pointer: '/sort', code: 'needs_currency', detail: 'To sort by amount, ask for one currency.' }];
}

/** Fewer decimals than the currency has are enough here. @throws InvalidInput */
function amountOf(text: string, currency: CurrencyCode | undefined, pointer: string): bigint {
  if (currency === undefined)
    throw InvalidInput.at(
      pointer,
      'needs_currency',
      'An amount says something of one currency: ask for one.',
    );
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const decimals = decimalsOf(currency);
  if (whole === undefined || decimals === 0) return parseAmount(text, currency, pointer);
  return parseAmount(`${whole}.${fraction.padEnd(decimals, '0')}`, currency, pointer);
}

/** A plus sign in a query that is not percent-encoded arrives as a space. */
const FLOW_WORDS: Readonly<Record<string, Flow>> = {
  ...{ inflow: 'inflow', '+': 'inflow', ' ': 'inflow' },
  ...{ outflow: 'outflow', '-': 'outflow' },
};

function flowAsked(word: string, pointer: string): Flow {
  const flow = Object.hasOwn(FLOW_WORDS, word) ? FLOW_WORDS[word] : undefined;
  if (flow) return flow;
  throw InvalidInput.at(pointer, 'choice', 'It must be one of inflow, outflow, + (%2B) and -.');
}

function idAsked(text: string, pointer: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw InvalidInput.at(pointer, 'pattern', 'An id is a UUID.');
}

function dateAsked(text: string, pointer: string): string {
  if (isCalendarDate(text)) return text;
  throw InvalidInput.at(pointer, 'date', NO_DATE);
}
