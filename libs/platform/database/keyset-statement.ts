import type { Conditions } from './conditions.js';
import type { Position } from './cursor.js';

/** A list as its context declares it. */
export interface ListDefinition {
  /** Part of the cursor: a cursor of one list is none of another. */
  readonly name: string;
  /** With its schema; it is called `t` in conditions. */
  readonly table: string;
  /** SQL of what is selected, for example `t.*`. */
  readonly columns: string;
  /** What may be sorted by: the wire's name, its column, and its type in PostgreSQL. Never null. */
  readonly sorts: Readonly<Record<string, { readonly column: string; readonly type: string }>>;
  /** As on the wire, for example `-created_at`. */
  readonly defaultSort: string;
}

/** One request for one page. */
export interface ListRequest {
  /** Whose rows, as the database calls them; each is read in order and the results are merged. */
  readonly tenants: readonly string[];
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** For example `-created_at,name`. */
  readonly sort?: string | undefined;
  readonly includeTotal?: boolean | undefined;
  readonly where: Conditions;
  /** Columns of which each value is read in order by itself, the ones with the fewest values first. */
  readonly split?: readonly Split[] | undefined;
  readonly window?: Window | undefined;
}

/** A half-open range of a column. */
export interface Window {
  readonly column: string;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** One term of an order. */
export interface Order {
  /** As it is called in the statement, for example `t.name`. */
  readonly column: string;
  readonly type: string;
  readonly descending: boolean;
}

/** Values of a column, each of which is read by itself: an index that leads with them orders by what comes after. */
export interface Split {
  readonly column: string;
  readonly values: readonly (string | number)[];
}

/** Of the columns that are split, the value that one part reads. */
type Part = ReadonlyMap<string, string | number>;

/** Planning costs nearly 0.1 ms a part: beyond so many a column is filtered instead. */
const PARTS_MAX = 128;

/**
 * One ordered read a part, each no longer than the page, then merged: every part follows an index, and of most parts no
 * more is read than the page shows of them. Null: nothing can be there.
 */
export function pageStatement(
  list: ListDefinition,
  request: ListRequest,
  order: readonly Order[],
  after: Position | null,
): { text: string; values: unknown[] } | null {
  const where = request.where.copy();
  const { parts, filtered } = partsOf(request);
  for (const { column, values } of filtered) where.isOneOf(column, values);
  const own = where.text; // What is bound from here on belongs to some parts alone.
  const limit = where.bind(request.limit + 1);
  const bind = bindingOnce(where);
  const orderBy = order
    .map(({ column, descending }) => `${column} ${descending ? 'desc' : 'asc'}`)
    .join(', ');
  const keyset = order.map(({ column, type }) => asText(column, type)).join(', ');
  const texts = parts.flatMap((part) => {
    const position = after ? positionIn(part, order, after) : [];
    if (position === null) return [];
    const values = [...part].map(([column, value]) => `${column} = ${bind(column, value)}`);
    const bounds = boundsOf(request.window, position[0]).map(
      ([comparison, bound]) => `${comparison} ${bind(comparison, bound)}`,
    );
    const conditions = [...values, own, ...bounds, ...compared(position, bind)];
    return `(select ${list.columns}, json_build_array(${keyset}) as keyset from ${list.table} t
             where ${conditions.join(' and ')} order by ${orderBy} limit ${limit})`;
  });
  if (texts.length === 0) return null;
  if (texts.length === 1) return { text: texts.join(''), values: where.values };
  const merged = orderBy.replaceAll('t.', '');
  return {
    text: `select * from (${texts.join(' union all ')}) as t order by ${merged} limit ${limit}`,
    values: where.values,
  };
}

/** Every combination of the values that are read by themselves, and the columns for which that were too many. */
function partsOf({ tenants, split = [] }: ListRequest): { parts: Part[]; filtered: Split[] } {
  let parts: Part[] = tenants.map((tenant) => new Map([['t.tenant', tenant]]));
  const filtered: Split[] = [];
  for (const { column, values: given } of split) {
    const values = [...new Set(given)];
    if (parts.length * values.length > PARTS_MAX) filtered.push({ column, values });
    else parts = parts.flatMap((part) => values.map((value) => new Map([...part, [column, value]])));
  }
  return { parts, filtered };
}

/**
 * A position within the window makes one end of it needless. It must not be said: PostgreSQL 18 would begin there and walk to
 * the position.
 */
export function boundsOf(
  { column = '', from, until }: Partial<Window> = {},
  first?: Order,
): (readonly [string, Date])[] {
  const isBounded = first?.column === column;
  return [
    ...(from && !(isBounded && !first.descending) ? [[`${column} >=`, from] as const] : []),
    ...(until && !(isBounded && first.descending) ? [[`${column} <`, until] as const] : []),
  ];
}

/** A term of the order, and where in it the last page ended. */
interface Mark extends Order {
  readonly at: string | number | undefined;
}

/**
 * What of a part comes after the position: the terms that are still to be compared. A part of which one term is known may
 * come after the position as a whole, or before it: null.
 */
function positionIn(part: Part, order: readonly Order[], after: Position): Mark[] | null {
  const marks = order.map((term, index): Mark => ({ ...term, at: after[index] }));
  const known = marks.findIndex(({ column, at }) => {
    const value = part.get(column);
    return typeof value !== 'number' || value !== at;
  });
  const rest = marks.slice(known);
  const [first] = rest;
  const value = first && part.get(first.column);
  if (!first || typeof value !== 'number') return rest;
  return value > Number(first.at) === first.descending ? null : [];
}

/** One direction is a row comparison, which follows an index as it is. */
function compared(marks: readonly Mark[], bind: Bind): string[] {
  const [first] = marks;
  if (!first) return [];
  const bound = marks.map(({ column, type, at }) => `${bind(`after ${column}`, at)}::${type}`);
  const columns = marks.map(({ column }) => column);
  if (marks.every(({ descending }) => descending === first.descending))
    return [`(${columns.join(', ')}) ${signOf(first)} (${bound.join(', ')})`];
  const alternatives = marks.map((mark, index) => {
    const equal = columns.slice(0, index).map((earlier, at) => `${earlier} = ${bound[at]}`);
    return `(${[...equal, `${mark.column} ${signOf(mark)} ${bound[index]}`].join(' and ')})`;
  });
  // Says nothing new, but an index follows it.
  const bounded = `${first.column} ${signOf(first)}= ${bound[0]}`;
  return [bounded, `(${alternatives.join(' or ')})`];
}

const signOf = ({ descending }: Order): string => (descending ? '<' : '>');

type Bind = (of: string, value: string | number | Date | undefined) => string;

/** The same value of the same column is one parameter, however many parts have it; one that no part has is none. */
function bindingOnce(where: Conditions): Bind {
  const names = new Map<string, string>();
  return (of, value) => {
    const key = JSON.stringify([of, value]);
    const name = names.get(key) ?? where.bind(value);
    names.set(key, name);
    return name;
  };
}

/** Exactly what the position must be compared with later. */
function asText(column: string, type: string): string {
  if (type === 'timestamptz') return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return type === 'bigint' ? `${column}::text` : column; // As a number of JSON it would go through a double.
}
