import { InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** The stable id of a supervisor request: a UUID (RFC 9562, any version), in lower case. */
export type SupervisorRequestId = Brand<string, 'SupervisorRequestId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** @throws InvalidInput */
export function supervisorRequestId(text: string): SupervisorRequestId {
  const id = text.toLowerCase();
  if (!UUID.test(id)) throw InvalidInput.at('/id', 'pattern', 'An id is a UUID.');
  return id as SupervisorRequestId;
}
