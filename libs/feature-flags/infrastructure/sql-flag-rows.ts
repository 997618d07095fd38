import { Injectable } from '@nestjs/common';
import type { FlagDefinition, FlagInput, SegmentDefinition, SegmentInput } from '#flag-evaluator';
import { CallContext, SHARED_TENANT } from '#platform/context';
import { Database, DatabaseClock } from '#platform/database';
import type { FlagNews, Live } from './flag-layer.js';

/** What an evaluator needs of a flag's row, by column name: also a part of what the change log keeps. */
export interface LiveFlagRecord {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly is_client_visible: boolean;
  readonly definition: FlagDefinition;
}

/** The same of a segment's row. */
export interface LiveSegmentRecord {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly definition: SegmentDefinition;
}

/** Names that changed. */
export interface ChangedNames {
  readonly flags: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
}

type ReadRecord = (
  | ({ readonly what: 'flag' } & LiveFlagRecord)
  | ({ readonly what: 'segment' } & LiveSegmentRecord)
  | { readonly what: null }
) & { readonly revision: string; readonly now: Date };

/**
 * The rows and the head of their stream in one statement: all of the same instant. What is archived is as if it were not
 * there.
 */
const selected = (onlyFlags: string, onlySegments: string): string => `
  select coalesce((select h.revision from platform.stream_head h where h.tenant = $1), 0) as revision,
         clock_timestamp() as now, r.*
  from (values (1)) as one left join (
    select 'flag' as what, f.id, f.version, f.name, f.is_client_visible, f.definition
    from feature_flags.flag f where f.tenant = $1 and f.archived_at is null ${onlyFlags}
    union all
    select 'segment', s.id, s.version, s.name, false, s.definition
    from feature_flags.segment s where s.tenant = $1 ${onlySegments}
  ) as r on true`;

/** Reads what is evaluated. */
@Injectable()
export class SqlFlagRows {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly clock: DatabaseClock,
  ) {}

  /** Everything of one stream. @throws DatabaseUnavailable */
  all(stream: string): Promise<FlagNews> {
    return this.#read({ name: 'live_flags_all', text: selected('', ''), values: [stream] });
  }

  /** What these names are now; null for those that are not. @throws DatabaseUnavailable */
  async named(stream: string, names: ChangedNames): Promise<FlagNews> {
    const found = await this.#read({
      name: 'live_flags_named',
      text: selected('and f.name = any ($2)', 'and s.name = any ($3)'),
      values: [stream, [...names.flags], [...names.segments]],
    });
    return {
      revision: found.revision,
      flags: new Map([...names.flags].map((name) => [name, found.flags.get(name) ?? null])),
      segments: new Map([...names.segments].map((name) => [name, found.segments.get(name) ?? null])),
    };
  }

  /** The tenants that have flags or segments of their own. @throws DatabaseUnavailable */
  async owners(): Promise<string[]> {
    const rows = await this.context.runAsSystem('live-flags', () =>
      this.database.read<{ tenant: string }>({
        name: 'live_flags_owners',
        text: `select tenant from feature_flags.flag union select tenant from feature_flags.segment`,
      }),
    );
    return rows.map(({ tenant }) => tenant).filter((tenant) => tenant !== SHARED_TENANT);
  }

  async #read(statement: { name: string; text: string; values: unknown[] }): Promise<FlagNews> {
    const rows = await this.context.runAsSystem('live-flags', () =>
      this.database.read<ReadRecord>(statement),
    );
    const [first] = rows;
    if (!first) throw new Error('A statement without a condition gave no row.');
    this.clock.observe(first.now);
    const flags = new Map<string, Live<FlagInput>>();
    const segments = new Map<string, Live<SegmentInput>>();
    for (const row of rows) {
      if (row.what === 'flag') flags.set(row.name, toLiveFlag(row));
      if (row.what === 'segment') segments.set(row.name, toLiveSegment(row));
    }
    return { revision: Number(first.revision), flags, segments };
  }
}

/** As an evaluator gets it. */
export const toLiveFlag = (row: LiveFlagRecord): Live<FlagInput> => ({
  id: row.id,
  version: row.version,
  input: {
    name: row.name,
    version: row.version,
    isArchived: false,
    isClientVisible: row.is_client_visible,
    definition: row.definition,
  },
});

/** As an evaluator gets it. */
export const toLiveSegment = ({ id, version, name, definition }: LiveSegmentRecord): Live<SegmentInput> => ({
  id,
  version,
  input: { name, definition },
});
