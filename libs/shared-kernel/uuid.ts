import { InvalidInput } from './domain-error.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * A stable id: a UUID (RFC 9562) of any version, in lower case.
 * @throws InvalidInput
 */
export function checkedUuid(text: string, pointer = '/id'): string {
  const id = text.toLowerCase();
  if (!UUID.test(id)) throw InvalidInput.at(pointer, 'pattern', 'An id is a UUID.');
  return id;
}
