import { Injectable } from '@nestjs/common';
import { DomainError } from '#shared-kernel';
import type { Page, PageRequest, PastVersion } from '#shared-kernel';
import { Cursors, Database } from '#platform/database';
import { ChangeLog } from './change-log.js';
import { VersionCompacted } from './compacted.js';

/** A version with what the row was then, by column name; null when the change removed it. */
export interface PastState extends PastVersion {
  readonly row: Readonly<Record<string, unknown>> | null;
}

/** Which aggregate's history. */
export interface HistoryOf {
  readonly aggregateType: string;
  readonly id: string;
}

/** There is no such version, or no such thing at all. */
export class VersionNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'version_not_found';
  constructor(version: number) {
    super(`There is no version ${version}.`);
  }
}

/** Nothing by that id has ever been seen by this caller, or not yet at that instant. */
export class NoHistory extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'not_found';
  constructor() {
    super('There is nothing by that id.');
  }
}

/** It existed, and was removed by then. */
export class GoneThen extends DomainError {
  readonly kind = 'gone';
  readonly code = 'gone';
  constructor(at: Date) {
    super(`It was removed before ${at.toISOString()}.`);
  }
}

interface VersionRow {
  aggregate_version: number;
  type: string;
  actor: string;
  occurred_at: Date;
  reason: string | null;
  rolled_back_from: number | null;
}

interface StateRow extends VersionRow {
  snapshot: Record<string, unknown> | null;
}

/** A state that was looked for, and the version that comes next in the log. */
type FoundRow = Omit<StateRow, 'aggregate_version'> & {
  readonly aggregate_version: number | null;
  readonly next: number | null;
};

const COLUMNS = 'aggregate_version, type, actor, occurred_at, reason, rolled_back_from';
const OF_AGGREGATE = 'aggregate_id = $1 and aggregate_type = $2';

/** Reads what was: versions of an aggregate, and its state at an instant. All of it stays after a delete. */
@Injectable()
export class HistoryQueries {
  constructor(
    private readonly database: Database,
    private readonly log: ChangeLog,
    private readonly cursors: Cursors,
  ) {}

  /**
   * A page of versions, newest first; the cursor is the version that the last page ended with.
   * @throws NoHistory, InvalidCursor
   */
  async page(of: HistoryOf, { limit, cursor }: PageRequest): Promise<Page<PastVersion>> {
    const scope = ['versions', of.id];
    const before = cursor === undefined ? null : Number(this.cursors.open(scope, cursor)[0]);
    const rows = await this.versions(of, before, limit + 1);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      limit,
      nextCursor: rows.length > limit && last ? this.cursors.seal(scope, [last.version]) : null,
    };
  }

  /**
   * Newest first, older than `before` (null: from the newest).
   * @throws NoHistory
   */
  async versions(of: HistoryOf, before: number | null, limit: number): Promise<PastVersion[]> {
    const rows = await this.database.read<VersionRow>({
      name: 'history_versions',
      text: `select ${COLUMNS} from platform.change_log
             where ${OF_AGGREGATE} and aggregate_version > 0 and ($3::int is null or aggregate_version < $3)
             order by aggregate_version desc limit $4`,
      values: [of.id, of.aggregateType, before, limit],
    });
    if (rows.length === 0 && before === null) throw new NoHistory();
    return rows.map(toPastVersion);
  }

  /** @throws VersionNotFound, VersionCompacted */
  async version(of: HistoryOf, version: number): Promise<PastState> {
    const [found] = await this.database.read<FoundRow>({
      name: 'history_version',
      text: `select l.*, n.next from (values (1)) as one
             left join (select ${COLUMNS}, snapshot from platform.change_log
               where ${OF_AGGREGATE} and aggregate_version = $3) as l on true
             cross join (select min(aggregate_version) as next from platform.change_log
               where ${OF_AGGREGATE} and aggregate_version > $3) as n`,
      values: [of.id, of.aggregateType, version],
    });
    if (isFound(found)) return toPastState(found);
    const next = found?.next ?? null;
    if (next === null || version < 1) throw new VersionNotFound(version);
    throw new VersionCompacted(`Version ${version}`, next);
  }

  /**
   * The state at an instant: the newest version not younger than it.
   * @throws NoHistory before it was created, GoneThen when it had been removed, VersionCompacted when that is not known any more
   */
  async asOf(of: HistoryOf, at: Date): Promise<PastState> {
    const [found] = await this.database.read<FoundRow>({
      name: 'history_as_of',
      text: `select l.*, n.next from (values (1)) as one
             left join lateral (select ${COLUMNS}, snapshot from platform.change_log
               where ${OF_AGGREGATE} and aggregate_version > 0 and occurred_at <= $3
               order by aggregate_version desc limit 1) as l on true
             cross join lateral (select min(aggregate_version) as next from platform.change_log
               where ${OF_AGGREGATE} and aggregate_version > coalesce(l.aggregate_version, 0)) as n`,
      values: [of.id, of.aggregateType, at],
    });
    expectWhole(found?.aggregate_version ?? null, found?.next ?? null, at);
    if (!isFound(found)) throw new NoHistory();
    if (!found.snapshot) throw new GoneThen(at);
    return toPastState(found);
  }

  /**
   * True when this id was ever used by something the caller can see, also when that is gone by now, and also by the open
   * unit of work itself.
   */
  async isUsed(id: string): Promise<boolean> {
    if (this.log.hasNoted(id)) return true;
    const rows = await this.database.read({
      name: 'history_is_used',
      text: 'select 1 from platform.change_log where aggregate_id = $1 limit 1',
      values: [id],
    });
    return rows.length > 0;
  }
}

/**
 * What was found for an instant is what was then only if the version after it is the next one in the log: one that is not
 * kept any more may have come in between. Nothing found is version 0, and nothing after it null.
 * @throws VersionCompacted
 */
export function expectWhole(found: number | null, next: number | null, at: Date): void {
  if (next !== null && next !== (found ?? 0) + 1)
    throw new VersionCompacted(`What was at ${at.toISOString()}`, next);
}

const isFound = (row: FoundRow | undefined): row is StateRow & FoundRow =>
  row !== undefined && row.aggregate_version !== null;

function toPastVersion(row: VersionRow): PastVersion {
  return {
    version: row.aggregate_version,
    type: row.type,
    changedBy: row.actor,
    changedAt: row.occurred_at,
    changeReason: row.reason,
    rolledBackFrom: row.rolled_back_from,
  };
}

const toPastState = (row: StateRow): PastState => ({ ...toPastVersion(row), row: row.snapshot });
