import { InvalidInput, lengthOf } from '#shared-kernel';

export const NAME_LENGTH_MAX = 200;
const CONTROL = /\p{Cc}/u;

/** What people call something: 1 to 200 characters, none of control, and no white space at its ends. @throws InvalidInput */
export function checkedName(name: string, pointer: string = '/name'): string {
  const trimmed = name.trim();
  if (trimmed === '' || lengthOf(trimmed) > NAME_LENGTH_MAX)
    throw InvalidInput.at(pointer, 'length', `A name has 1 to ${NAME_LENGTH_MAX} characters.`);
  if (CONTROL.test(trimmed))
    throw InvalidInput.at(pointer, 'pattern', 'A name is one line, without control characters.');
  return trimmed;
}

/**
 * By which two names are one: the case does not count, nor how much white space stands between two words, nor whether an
 * accent is a character of its own.
 */
export const nameKey = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase() // The large sharp s has no large form of its own, and the small one has two letters.
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC') // Case takes some characters apart.
    .replaceAll('ς', 'σ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
