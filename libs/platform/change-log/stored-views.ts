import { Injectable } from '@nestjs/common';
import type { DomainError, Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { SHARED_TENANT } from '#platform/context';
import { Database, KeysetLists } from '#platform/database';
import type { Conditions, ListDefinition, Split } from '#platform/database';
import { HistoryQueries } from './history.queries.js';

/** How the rows of one kind of aggregate are read and shown. */
export interface StoredViewDefinition<Row, View> {
  /** As in its `Mapping`. */
  readonly aggregateType: string;
  readonly list: ListDefinition;
  /** @throws nothing: a row is right. Gets rows of the table and of the change log alike. */
  readonly toView: (row: Row) => View;
  readonly notFound: () => DomainError;
}

/** A request for a page, and of which columns each value is read in order by itself. */
interface SplitRequest extends PageRequest {
  readonly split?: readonly Split[] | undefined;
}

/** Rows of one kind of aggregate: the present ones by id and as a list, and the past ones from the change log. */
export class StoredViews<Row extends object, View> {
  constructor(
    private readonly parts: {
      readonly database: Database;
      readonly lists: KeysetLists;
      readonly history: HistoryQueries;
    },
    private readonly definition: StoredViewDefinition<Row, View>,
  ) {}

  /** @throws whatever `notFound` makes */
  async get(id: string): Promise<View> {
    const { list, toView, notFound } = this.definition;
    const [row] = await this.parts.database.read<Row>({
      name: `${list.name}_get`,
      text: `select ${list.columns} from ${list.table} t where t.id = $1`,
      values: [id],
    });
    if (!row) throw notFound();
    return toView(row);
  }

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  async asOf(id: string, at: Date): Promise<View> {
    const { row } = await this.parts.history.asOf(this.#of(id), at);
    return this.definition.toView(row as Row);
  }

  /**
   * A page of a tenant's own and of the shared ones; null: of the shared ones alone.
   * @throws InvalidInput, InvalidCursor
   */
  async page(tenant: string | null, where: Conditions, request: SplitRequest): Promise<Page<View>> {
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const page = await this.parts.lists.page<Row>(this.definition.list, { ...request, tenants, where });
    return { ...page, items: page.items.map((row) => this.definition.toView(row)) };
  }

  /** Newest first. @throws NoHistory, InvalidCursor */
  versions(id: string, request: PageRequest): Promise<Page<PastVersion>> {
    return this.parts.history.page(this.#of(id), request);
  }

  /** @throws VersionNotFound */
  async version(id: string, version: number): Promise<PastStateOf<View>> {
    const { row, ...facts } = await this.parts.history.version(this.#of(id), version);
    return { ...facts, state: row && this.definition.toView(row as Row) };
  }

  #of(id: string): { aggregateType: string; id: string } {
    return { aggregateType: this.definition.aggregateType, id };
  }
}

/** Makes the views of a kind of aggregate. */
@Injectable()
export class StoredViewFactory {
  constructor(
    private readonly database: Database,
    private readonly lists: KeysetLists,
    private readonly history: HistoryQueries,
  ) {}

  of<Row extends object, View>(definition: StoredViewDefinition<Row, View>): StoredViews<Row, View> {
    return new StoredViews({ database: this.database, lists: this.lists, history: this.history }, definition);
  }
}
