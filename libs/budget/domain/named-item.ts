import type { ItemId } from './identity.js';
import type { ItemContent } from './item.js';

/** An item with the names of what it refers to, for readers who do not know our ids. */
export interface NamedItem extends ItemContent {
  readonly id: ItemId;
  readonly payor: string;
  readonly payee: string;
  /** The names from the root to its category; null where it has none. */
  readonly category: readonly string[] | null;
}

/** How a place in the tree of categories is written. */
export const pathText = (names: readonly string[]): string => names.join(':');
