import { checkedUuid } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/** The stable id of a supervisor request: a UUID (RFC 9562, any version), in lower case. */
export type SupervisorRequestId = Brand<string, 'SupervisorRequestId'>;

/** @throws InvalidInput */
export const supervisorRequestId = (text: string): SupervisorRequestId =>
  checkedUuid(text) as SupervisorRequestId;
