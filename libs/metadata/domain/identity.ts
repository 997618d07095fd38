import { InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** The stable id of an entry: a UUID (RFC 9562, any version), in lower case. */
export type EntryId = Brand<string, 'EntryId'>;

/** What an entry is looked up by within its namespace, for example `app.database.pool_size`. */
export type EntryKey = Brand<string, 'EntryKey'>;

/** Keeps keys of different origins apart, for example `production`. */
export type Namespace = Brand<string, 'Namespace'>;

/** Of any version, nil and max too. */
const UUID =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|([0f])\1{7}(?:-\1{4}){3}-\1{12})$/;
const NAME = /^[A-Za-z][A-Za-z0-9._-]*$/;
const NAME_LENGTH_MAX = 255;

export const DEFAULT_NAMESPACE = 'default' as Namespace;

/** @throws InvalidInput */
export function entryId(text: string): EntryId {
  const id = text.toLowerCase();
  if (!UUID.test(id)) throw InvalidInput.at('/id', 'pattern', 'An id is a UUID.');
  return id as EntryId;
}

/** @throws InvalidInput */
export const entryKey = (text: string): EntryKey => checkedName(text, '/key', 'A key') as EntryKey;

/** @throws InvalidInput */
export const namespace = (text: string): Namespace =>
  checkedName(text, '/namespace', 'A namespace') as Namespace;

function checkedName(text: string, pointer: string, what: string): string {
  if (text.length > NAME_LENGTH_MAX || !NAME.test(text)) {
    throw InvalidInput.at(
      pointer,
      'pattern',
      `${what} starts with a letter and has 1 to ${NAME_LENGTH_MAX} of A-Z a-z 0-9 . _ -`,
    );
  }
  return text;
}
