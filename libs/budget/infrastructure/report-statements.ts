import { tenantColumn } from '#platform/context';
import type { Conditions, Statement } from '#platform/database';
import type { ItemFilter } from '../application/item.queries.js';
import type { SummaryRequest } from '../application/report.queries.js';
import type { CalendarDate } from '../domain/calendar.js';
import type { CurrencyCode } from '../domain/money.js';
import { pathText } from '../domain/named-item.js';
import type { Grouping, GroupSums, RestSums, SpanSums, Sums } from '../domain/report.js';
import { COUNTED_STATUSES } from '../domain/scope.js';
import type { Interval } from '../domain/time-series.js';
import { conditionsOf, itemsOf } from './item-conditions.js';
import { categoryPathOf, payeeNameOf } from './name-columns.js';

/** Sums as the database gives them: the text of integers of any size. */
interface SumsRow {
  readonly currency: CurrencyCode;
  readonly inflow: string;
  readonly outflow: string;
  readonly count: string;
}

/** One group, or what those that are not shown come to: then it tells how many they are. */
export interface SummaryRow extends SumsRow {
  readonly key: string | null;
  /** A name, or the names of a path. */
  readonly name: string | readonly string[] | null;
  readonly groups: string | null;
}

export interface SpanRow extends SumsRow {
  readonly first: CalendarDate;
}

/** The first and the last day that there are items of. */
export interface DatesRow {
  readonly first: CalendarDate | null;
  readonly last: CalendarDate | null;
}

/** How a key is read of an item, how it is shown, and its name. */
interface GroupColumn {
  readonly key: string;
  readonly shown: string;
  readonly name: string;
  /** Which groups are shown rather than others. */
  readonly rank: string;
  /** In which direction of that they are shown. */
  readonly direction: 'asc' | 'desc';
}

const LARGEST = { shown: 'r.key::text', rank: 'inflow + outflow desc, key', direction: 'asc' } as const;
const NAMELESS = 'null::json';

const COLUMNS: Readonly<Record<Grouping, GroupColumn>> = {
  category: { key: 't.category_id', name: categoryPathOf('r.key'), ...LARGEST },
  payee: { key: 't.payee_id', name: `to_json(${payeeNameOf('r.key')})`, ...LARGEST },
  team: { key: 't.team_id', name: NAMELESS, ...LARGEST },
  environment: { key: 't.environment', name: NAMELESS, ...LARGEST },
  month: {
    key: `date_trunc('month', t.transaction_date::timestamp)::date`,
    shown: `to_char(r.key, 'YYYY-MM')`,
    name: NAMELESS,
    rank: 'key desc',
    direction: 'desc',
  },
};

const SUMS = `coalesce(sum(t.amount) filter (where t.flow = 'inflow'), 0) as inflow,
  coalesce(sum(t.amount) filter (where t.flow = 'outflow'), 0) as outflow, count(*) as count`;

/** All groups are summed up, and of each currency the first ones are shown by themselves. */
export function summing(filter: ItemFilter, { grouping, limit }: SummaryRequest): Statement {
  const where = conditionsOfAll(filter);
  const { key, shown, name, rank, direction } = COLUMNS[grouping];
  const most = where.bind(limit);
  return {
    text: `with sums as materialized (
             select t.currency, ${key} as key, ${SUMS} from ${itemsOf(filter)} t where ${where.text} group by 1, 2
           ), ranked as materialized (
             select *, row_number() over (partition by currency order by ${rank}) as place from sums
           )
           select * from (
             select currency, ${shown} as key, ${name} as name, inflow, outflow, count, null::bigint as groups, place
             from ranked r where place <= ${most}
             union all
             select currency, null, null, sum(inflow), sum(outflow), sum(count), count(*), null
             from ranked where place > ${most} group by currency
           ) as t order by currency, place ${direction} nulls last`,
    values: where.values,
  };
}

/** By the first day of each interval, for those that have items. */
export function summingOverTime(filter: ItemFilter, interval: Interval): Statement {
  const where = conditionsOfAll(filter);
  const first =
    interval === 'day'
      ? 't.transaction_date'
      : `date_trunc('${interval}', t.transaction_date::timestamp)::date`;
  return {
    text: `select t.currency, ${first} as first, ${SUMS} from ${itemsOf(filter)} t where ${where.text} group by 1, 2`,
    values: where.values,
  };
}

export function datesOf(filter: ItemFilter): Statement {
  const where = conditionsOfAll(filter);
  return {
    text: `select min(t.transaction_date) as first, max(t.transaction_date) as last
           from ${itemsOf(filter)} t where ${where.text}`,
    values: where.values,
  };
}

/** Of the tenant itself: shared items are another's money. */
function conditionsOfAll(filter: ItemFilter): Conditions {
  const { where, split } = conditionsOf({ ...filter, statuses: filter.statuses ?? COUNTED_STATUSES });
  for (const { column, values } of split) where.isOneOf(column, values);
  return where.and('t.tenant = ?', tenantColumn(filter.tenant));
}

export const toGroup = (row: SummaryRow): GroupSums => ({
  ...toSums(row),
  currency: row.currency,
  key: row.key,
  name: row.name === null || typeof row.name === 'string' ? row.name : pathText(row.name),
});

export const toRest = (row: SummaryRow): RestSums => ({
  ...toSums(row),
  currency: row.currency,
  groups: Number(row.groups),
});

export const toSpanSums = (row: SpanRow): SpanSums => ({
  ...toSums(row),
  currency: row.currency,
  from: row.first,
});

const toSums = ({ inflow, outflow, count }: SumsRow): Sums => ({
  inflow: BigInt(inflow),
  outflow: BigInt(outflow),
  count: Number(count),
});
