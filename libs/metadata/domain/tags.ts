import { InvalidInput, lengthOf } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

/** Words to find an entry by: trimmed, in lower case, each once, in the order given. */
export type Tags = readonly string[];

const TAGS_MAX = 50;
const TAG_LENGTH_MAX = 100;

/** One tag as it is stored. */
export const normalTag = (text: string): string => text.trim().toLowerCase();

/** @throws InvalidInput with every tag that breaks a rule */
export function tags(texts: readonly string[]): Tags {
  const normal = texts.map(normalTag);
  const violations = normal.flatMap((tag, index) => mistakesIn(tag, `/tags/${index}`));
  if (violations.length > 0) throw new InvalidInput(violations);
  const unique = [...new Set(normal)];
  if (unique.length > TAGS_MAX)
    throw InvalidInput.at('/tags', 'too_many', `An entry has at most ${TAGS_MAX} tags.`);
  return unique;
}

function mistakesIn(tag: string, pointer: string): Violation[] {
  const detail = `A tag has 1 to ${TAG_LENGTH_MAX} characters.`;
  if (tag === '' || lengthOf(tag) > TAG_LENGTH_MAX) return [{ pointer, code: 'length', detail }];
  if (!tag.includes(',')) return [];
  return [{ pointer, code: 'pattern', detail: 'A tag has no comma: filters have one between tags.' }];
}

export const sameTags = (a: Tags, b: Tags): boolean =>
  a.length === b.length && a.every((tag, index) => tag === b[index]);
