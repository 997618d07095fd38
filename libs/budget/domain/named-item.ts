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

/** How a place in the tree of categories is written; a colon of a name has a backslash before it. */
export const pathText = (names: readonly string[]): string =>
  names.map((name) => name.replaceAll(/[\\:]/g, '\\$&')).join(':');

/** The names of such a text, as they are told apart. No name has a NUL in it. */
export const pathNames = (path: string): readonly string[] =>
  path.replaceAll(/\\([\\:])|:/g, (_, meant?: string) => meant ?? '\0').split('\0');
