import type { DocumentText } from './messages.js';

/** Of the texts of one job: all of them are copied to its worker, which has 64 MB. */
export const PORTION_CHARACTERS_MAX = 2 ** 20;

/** The documents from an index on that go to a worker together; at least one. */
export function portionAt(documents: readonly DocumentText[], start: number): readonly DocumentText[] {
  let end = start;
  let characters = 0;
  do {
    characters += documents[end]?.text.length ?? 0;
    end += 1;
  } while (
    end < documents.length &&
    characters + (documents[end]?.text.length ?? 0) <= PORTION_CHARACTERS_MAX
  );
  return documents.slice(start, end);
}
