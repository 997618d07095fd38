import type { Page } from '#shared-kernel';
import { Text, Whole, YesNo } from './fields.js';

export const LIMIT_DEFAULT = 100;
export const LIMIT_MAX = 1_000;

/** Which page of a list; enough for what belongs to one thing, whose tenant is known. */
export abstract class PageQuery {
  @Whole({ optional: true, min: 1, max: LIMIT_MAX, default: LIMIT_DEFAULT, description: 'Items a page.' })
  readonly limit: number = LIMIT_DEFAULT;

  @Text({ optional: true, min: 1, max: 4_096, description: '`next_cursor` of the page before; opaque.' })
  readonly cursor?: string;

  @YesNo({
    optional: true,
    default: false,
    description: 'Also count all items; costs what the whole list does.',
  })
  readonly include_total?: boolean;

  @Text({
    optional: true,
    min: 1,
    max: 200,
    description: 'Fields with commas between, - before one for descending.',
  })
  readonly sort?: string;
}

/** What every list of resources takes. */
export abstract class ListQuery extends PageQuery {
  @Text({
    optional: true,
    max: 63,
    description:
      'The tenant to look for; its rows and the shared ones are listed. Absent: the one of the credential, else the shared rows alone.',
  })
  readonly tenant_id?: string;
}

/** Whose something is that is to be made. */
export const TENANT = {
  optional: true,
  nullable: true,
  max: 63,
  description: 'Null for all tenants. Absent: the tenant of the credential.',
  example: 'acme',
} as const;

/** A page on the wire. */
export interface PageResponse<T> {
  readonly items: readonly T[];
  readonly limit: number;
  readonly has_more: boolean;
  readonly next_cursor: string | null;
  readonly total?: number;
}

/** Puts a page into the words of the wire. */
export function toPageResponse<T, Item>(page: Page<T>, toItem: (item: T) => Item): PageResponse<Item> {
  return {
    items: page.items.map(toItem),
    limit: page.limit,
    has_more: page.nextCursor !== null,
    next_cursor: page.nextCursor,
    ...(page.total === undefined ? {} : { total: page.total }),
  };
}

/** Whose rows a look-up finds. */
export class TenantQuery {
  @Text({
    optional: true,
    max: 63,
    description: 'The tenant to look for. Absent: the one of the credential, else the shared rows.',
  })
  readonly tenant_id?: string;
}
