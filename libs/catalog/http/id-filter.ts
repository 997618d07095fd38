import { InvalidInput } from '#shared-kernel';
import { isUuid } from '#platform/http';

/**
 * Ids by which a list is filtered, in lower case; undefined where none is given.
 * @param pointer the parameter, for example `/team_id`
 * @throws InvalidInput
 */
export function idsOf(texts: readonly string[] | undefined, pointer: string): string[] | undefined {
  if (texts && !texts.every(isUuid)) throw InvalidInput.at(pointer, 'pattern', 'An id is a UUID.');
  return texts?.map((text) => text.toLowerCase());
}
