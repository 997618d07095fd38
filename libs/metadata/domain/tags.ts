import { InvalidInput } from '#shared-kernel';

/** Words to find an entry by: trimmed, in lower case, each once, in the order given. */
export type Tags = readonly string[];

const TAGS_MAX = 50;
const TAG_LENGTH_MAX = 100;

/** One tag as it is stored. */
export const normalTag = (text: string): string => text.trim().toLowerCase();

/** @throws InvalidInput with every tag that breaks a rule */
export function tags(texts: readonly string[]): Tags {
  const normal = texts.map(normalTag);
  const violations = normal.flatMap((tag, index) =>
    tag.length >= 1 && tag.length <= TAG_LENGTH_MAX
      ? []
      : [
          {
            pointer: `/tags/${index}`,
            code: 'length',
            detail: `A tag has 1 to ${TAG_LENGTH_MAX} characters.`,
          },
        ],
  );
  if (violations.length > 0) throw new InvalidInput(violations);
  const unique = [...new Set(normal)];
  if (unique.length > TAGS_MAX)
    throw InvalidInput.at('/tags', 'too_many', `An entry has at most ${TAGS_MAX} tags.`);
  return unique;
}

export const sameTags = (a: Tags, b: Tags): boolean =>
  a.length === b.length && a.every((tag, index) => tag === b[index]);
