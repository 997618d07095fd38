import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import type { Page } from '#shared-kernel';
import { Cursors } from './cursor.js';
import { Database } from './database.js';
import { boundsOf, pageStatement } from './keyset-statement.js';
import type { ListDefinition, ListRequest, Order } from './keyset-statement.js';

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
      request.split ?? [],
      request.window ?? null,
    ];
    const after = request.cursor === undefined ? null : this.cursors.open(scope, request.cursor);
    const statement = pageStatement(list, request, order, after);
    const rows = statement ? await this.database.read<Row & { keyset: (string | number)[] }>(statement) : [];
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

  async #count(list: ListDefinition, { tenants, where, split = [], window }: ListRequest): Promise<number> {
    const all = where.copy().and('t.tenant = any (?)', [...tenants]);
    for (const { column, values } of split) all.isOneOf(column, values);
    for (const [comparison, bound] of boundsOf(window)) all.and(`${comparison} ?`, bound);
    const [row] = await this.database.read<{ count: string }>({
      text: `select count(*) from ${list.table} t where ${all.text}`,
      values: all.values,
    });
    return Number(row?.count);
  }
}

/** @throws InvalidInput */
function orderOf(list: ListDefinition, sort: string): Order[] {
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
  return [...order, { column: 't.id', type: 'uuid', descending: order.at(-1)?.descending ?? false }];
}
