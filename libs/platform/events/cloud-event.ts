import { tenantFromColumn } from '#platform/context';
import type { LoggedEvent } from '#platform/change-log';
import type { EventResponse } from './event.dto.js';

const REVISION_DIGITS = 15;
const SUB_DIGITS = 4;
const TYPE_PREFIX = 'io.metastore.';
const TYPE_SUFFIX = '.v1';

/** An event of the log as a CloudEvent; `state` is what its context shows of the row. */
export function toCloudEvent(event: LoggedEvent, state: object | null): EventResponse {
  return {
    specversion: '1.0',
    id: eventIdOf(event),
    source: `/metastore/${tenantFromColumn(event.tenant) ?? 'shared'}`,
    type: toEventType(event),
    subject: event.subject,
    time: event.occurredAt.toISOString(),
    datacontenttype: 'application/json',
    sequence: `${String(event.revision).padStart(REVISION_DIGITS, '0')}.${String(event.sub).padStart(SUB_DIGITS, '0')}`,
    partitionkey: event.aggregateId,
    revision: event.revision,
    data: {
      id: event.aggregateId,
      version: event.aggregateVersion,
      actor: event.actor,
      change_reason: event.reason,
      rolled_back_from: event.rolledBackFrom,
      request_id: event.requestId,
      state,
    },
  };
}

/** Stable for ever. */
export const eventIdOf = ({
  tenant,
  revision,
  sub,
}: Pick<LoggedEvent, 'tenant' | 'revision' | 'sub'>): string => `${tenant}-${revision}-${sub}`;

/** The type on the wire. */
export const toEventType = ({ aggregateType, type }: Pick<LoggedEvent, 'aggregateType' | 'type'>): string =>
  `${TYPE_PREFIX}${aggregateType}.${type}${TYPE_SUFFIX}`;

/** The short form of an event type, as the log keeps it; what is none of ours fits nothing. */
export function fromEventType(type: string): string {
  const isOurs = type.startsWith(TYPE_PREFIX) && type.endsWith(TYPE_SUFFIX);
  return isOurs ? type.slice(TYPE_PREFIX.length, -TYPE_SUFFIX.length) : type;
}
