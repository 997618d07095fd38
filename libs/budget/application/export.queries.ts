import type { NamedItem } from '../domain/named-item.js';
import type { ItemFilter } from './item.queries.js';

/** Items as they leave. An abstract class, so that it is also its injection token. */
export abstract class ExportQueries {
  /** The tenant's own ones alone, the oldest day first, page after page: never more than one of them in memory. */
  abstract pages(filter: ItemFilter): AsyncIterable<readonly NamedItem[]>;
}
