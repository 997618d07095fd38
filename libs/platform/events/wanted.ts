import type { EventFilter } from '#platform/change-log';

/** Which events somebody follows. Who has the same `key` follows the same ones. */
export interface Wanted {
  readonly filter: EventFilter;
  readonly key: string;
  /** Nothing of other kinds of aggregates fits; null: something of any kind may. */
  readonly aggregateTypes: readonly string[] | null;
}

export function wantedBy(filter: EventFilter): Wanted {
  const { types, aggregateTypes } = filter;
  return {
    filter,
    key: JSON.stringify(filter),
    aggregateTypes: aggregateTypes ?? (types ? types.map(aggregateTypeOf) : null),
  };
}

/** `metadata.entry` of `metadata.entry.created`. */
const aggregateTypeOf = (type: string): string => type.slice(0, Math.max(0, type.lastIndexOf('.')));
