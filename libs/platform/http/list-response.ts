import { ListOf, Text, Whole, YesNo } from './fields.js';
import type { PageResponse } from './list-query.js';

/** The response class of a list, for a named class to extend: `class TeamListResponse extends listResponse(() => TeamResponse) {}`. */
export function listResponse<Item extends object>(item: () => new () => Item): new () => PageResponse<Item> {
  class ListResponse implements PageResponse<Item> {
    @ListOf(item)
    readonly items!: readonly Item[];

    @Whole()
    readonly limit!: number;

    @YesNo()
    readonly has_more!: boolean;

    @Text({ nullable: true })
    readonly next_cursor!: string | null;

    @Whole({ optional: true, description: 'Only with include_total.' })
    readonly total?: number;
  }
  return ListResponse;
}
