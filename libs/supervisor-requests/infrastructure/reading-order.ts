import type { Split } from '#platform/database';
import type { SupervisorRequestFilter } from '../application/supervisor-request.queries.js';
import { PRIORITY_MAX } from '../domain/request-content.js';
import { KINDS } from '../domain/request-state.js';
import type { StatusCode } from '../domain/request-state.js';

/** By what an index leads to a page. */
type Index = 'team' | 'claim' | 'store' | 'kind' | 'time';

/** In which order a page shows requests, and how it is read, so that each part of it follows an index. */
export interface ReadingOrder {
  readonly sort: string;
  readonly index: Index;
  /** Each value of these columns is read by itself. */
  readonly split: readonly Split[];
  /** Any value of these is let through, row by row. */
  readonly filtered: readonly Split[];
}

const PRIORITIES = Array.from({ length: PRIORITY_MAX }, (_, index) => index + 1);

/** A priority alone would leave the order within it to chance. */
const SORTS: Readonly<Record<string, string>> = {
  priority: 'priority,request_timestamp',
  '-priority': '-priority,-request_timestamp',
};

/** What is to be done comes in the order of the queue, what is over with the newest first. */
function sortOf(sort: string | undefined, codes: readonly StatusCode[]): string {
  if (sort !== undefined) return SORTS[sort] ?? sort;
  return codes.every((code) => code === 'pending_response')
    ? 'priority,request_timestamp'
    : '-request_timestamp';
}

/**
 * The indexes are those of the migration. Those of stores and of everything lead to a time as well as to a priority and a
 * time within it; those of teams, kinds and claims only to the latter. Where what is asked for begins behind the priority,
 * each priority is read by itself.
 */
export function readingOrderOf(
  filter: SupervisorRequestFilter,
  codes: readonly StatusCode[],
  askedSort: string | undefined,
): ReadingOrder {
  const sort = sortOf(askedSort, codes);
  const index = indexFor(filter, sort);
  const given = {
    't.status_code': codes,
    't.assignee_team_id': filter.teams,
    't.store_id': filter.stores,
    't.priority': filter.priorities ?? (startsBehindPriority(filter, sort, index) ? PRIORITIES : undefined),
    't.kind': filter.kinds ?? (index === 'kind' ? KINDS : undefined),
  };
  const columns = Object.entries(given).flatMap(([column, values]): Split[] =>
    values ? [{ column, values }] : [],
  );
  const isRead = ({ column }: Split): boolean => filter.q === undefined && READ_BY[index].includes(column);
  const filtered = columns.filter((column) => !isRead(column));
  return { sort, index, split: columns.filter(isRead), filtered };
}

const READ_BY: Readonly<Record<Index, readonly string[]>> = {
  team: ['t.status_code', 't.assignee_team_id', 't.priority'],
  claim: ['t.status_code', 't.priority'],
  store: ['t.status_code', 't.store_id', 't.priority'],
  kind: ['t.status_code', 't.priority', 't.kind'],
  time: ['t.status_code'],
};

function indexFor(filter: SupervisorRequestFilter, sort: string): Index {
  if (filter.claimed === 'somebody' || filter.claimers) return 'claim';
  if (filter.teams) return 'team';
  if (filter.stores) return 'store';
  return filter.kinds || filter.priorities || isByPriority(sort) ? 'kind' : 'time';
}

const isByPriority = (sort: string): boolean => /^-?priority\b/.test(sort);

function startsBehindPriority(filter: SupervisorRequestFilter, sort: string, index: Index): boolean {
  if (!isByPriority(sort)) return index !== 'store' && index !== 'time';
  const descending = sort.split(',').filter((term) => term.startsWith('-')).length;
  const isMixed = descending > 0 && descending < sort.split(',').length;
  return isMixed || filter.createdFrom !== undefined || filter.createdUntil !== undefined;
}
