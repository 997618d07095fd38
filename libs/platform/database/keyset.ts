import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import type { Page } from '#shared-kernel';
import { Conditions } from './conditions.js';
import { Cursors } from './cursor.js';
import type { Position } from './cursor.js';
import { Database } from './database.js';

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
}

interface Order {
  readonly column: string;
  readonly type: string;
  readonly descending: boolean;
}

/** Cuts lists into pages by where the last page ended, so that the last page costs what the first does. */
@Injectable()
export class KeysetLists {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  /** @throws InvalidInput, InvalidCursor */
  async page<Row extends object>(list: ListDefinition, request: ListRequest): Promise<Page<Row>> {
    const order = orderOf(list, request.sort ?? list.defaultSort);
    const scope = [
      list.name,
      request.tenants,
      request.sort ?? list.defaultSort,
      request.where.values,
      request.where.text,
    ];
    const after = request.cursor === undefined ? null : this.cursors.open(scope, request.cursor);
    const rows = await this.database.read<Row & { keyset: (string | number)[] }>(
      pageStatement(list, request, order, after),
    );
    const items = rows.slice(0, request.limit);
    const last = items.at(-1);
    const hasMore = rows.length > request.limit && last !== undefined;
    return {
      items: items.map(({ keyset: _, ...row }) => row as unknown as Row),
      limit: request.limit,
      nextCursor: hasMore ? this.cursors.seal(scope, last.keyset) : null,
      ...(request.includeTotal && { total: await this.#count(list, request) }),
    };
  }

  async #count(list: ListDefinition, { tenants, where }: ListRequest): Promise<number> {
    const all = where.copy().and('t.tenant = any (?)', [...tenants]);
    const [row] = await this.database.read<{ count: string }>({
      text: `select count(*) from ${list.table} t where ${all.text}`,
      values: all.values,
    });
    return Number(row?.count);
  }
}

/** One ordered read a tenant, each no longer than the page, then merged: every part follows an index. */
export function pageStatement(
  list: ListDefinition,
  request: ListRequest,
  order: readonly Order[],
  after: Position | null,
): { text: string; values: unknown[] } {
  const where = request.where.copy();
  if (after) addPosition(where, order, after);
  const limit = where.bind(request.limit + 1);
  const orderBy = order
    .map(({ column, descending }) => `${column} ${descending ? 'desc' : 'asc'}`)
    .join(', ');
  const keyset = order.map(({ column, type }) => asText(column, type)).join(', ');
  const parts = request.tenants.map((tenant) => {
    const own = `t.tenant = ${where.bind(tenant)}`;
    return `(select ${list.columns}, json_build_array(${keyset}) as keyset from ${list.table} t
             where ${own} and ${where.text} order by ${orderBy} limit ${limit})`;
  });
  if (parts.length === 1) return { text: parts.join(''), values: where.values };
  const merged = orderBy.replaceAll('t.', '');
  return {
    text: `select * from (${parts.join(' union all ')}) as t order by ${merged} limit ${limit}`,
    values: where.values,
  };
}

/** @throws InvalidInput */
export function orderOf(list: ListDefinition, sort: string): Order[] {
  const order = sort.split(',').map((term) => {
    const descending = term.startsWith('-');
    const name = descending ? term.slice(1) : term;
    const sortable = Object.hasOwn(list.sorts, name) ? list.sorts[name] : undefined;
    if (!sortable) {
      throw InvalidInput.at(
        '/sort',
        'choice',
        `Sort by ${Object.keys(list.sorts).join(', ')}, with - before it for descending.`,
      );
    }
    return { column: `t.${sortable.column}`, type: sortable.type, descending };
  });
  return [...order, { column: 't.id', type: 'uuid', descending: order[0]?.descending ?? false }];
}

/** Everything that comes after the position. One direction is a row comparison, which follows an index as it is. */
function addPosition(where: Conditions, order: readonly Order[], after: Position): void {
  const bound = order.map(({ type }, index) => `${where.bind(after[index])}::${type}`);
  const columns = order.map(({ column }) => column);
  const directions = new Set(order.map(({ descending }) => descending));
  if (directions.size === 1) {
    where.raw(`(${columns.join(', ')}) ${directions.has(true) ? '<' : '>'} (${bound.join(', ')})`);
    return;
  }
  const alternatives = order.map(({ column, descending }, index) => {
    const equal = columns.slice(0, index).map((earlier, at) => `${earlier} = ${bound[at]}`);
    return `(${[...equal, `${column} ${descending ? '<' : '>'} ${bound[index]}`].join(' and ')})`;
  });
  where.raw(`(${alternatives.join(' or ')})`);
}

/** Exactly what the position must be compared with later. */
const asText = (column: string, type: string): string =>
  type === 'timestamptz' ? `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : column;
