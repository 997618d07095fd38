import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import { SinkLeases } from './sink-leases.js';
import type { SinkDeclaration, SinkKind } from './sink.js';
import { Sinks } from './sinks.js';
import type { SinkBeginning } from './sinks.js';

/** Whose a sink is, where it is the installation's own: only callers that are bound to no tenant see it. */
export const INSTALLATION = '*';

/** What is changed of a sink that somebody runs is run anew, by whoever takes it. */
const DECLARE = `
  with known as (select streams from platform.sink where name = $1),
  declared as (
    insert into platform.sink as s (name, tenant, kind, streams) values ($1, $2, $3, $4)
    on conflict (name) do update set tenant = excluded.tenant, kind = excluded.kind, streams = excluded.streams,
      holder = null, held_until = null, term = s.term + 1
    where (s.tenant, s.kind) <> (excluded.tenant, excluded.kind) or s.streams is distinct from excluded.streams
    returning name)
  select exists (select from declared) as "isChanged",
    exists (select from known) as "isKnown", (select streams is null from known) as "hadAll"`;

/** Whoever is told of all streams is told from their beginning of those that come later. */
const BEGIN = `
  insert into platform.sink_checkpoint (sink, tenant, revision)
  select $1, h.tenant, case when $3 then h.compacted_revision else coalesce(($4::json ->> h.tenant)::bigint, h.revision) end
  from platform.stream_head h where $2::text[] is null or h.tenant = any ($2)
  on conflict (sink, tenant) do nothing`;

/** A stream that nobody wrote to has no head yet, and begins before its first change all the same. */
const FORGET_OTHERS = `
  delete from platform.sink_checkpoint where sink = $1 and $2::text[] is not null and tenant <> all ($2)`;

interface Declared {
  readonly isChanged: boolean;
  readonly isKnown: boolean;
  readonly hadAll: boolean | null;
}

/** Sinks in their table, and the leases under which replicas run them. */
@Injectable()
export class SqlSinks extends Sinks {
  constructor(
    private readonly database: Database,
    private readonly leases: SinkLeases,
  ) {
    super();
  }

  override register(kind: SinkKind): void {
    this.leases.register(kind);
  }

  override declare(sink: SinkDeclaration, from: SinkBeginning = new Map()): Promise<void> {
    const { name, kind, tenant } = sink;
    const streams = sink.streams === 'all' ? null : [...sink.streams];
    return this.database.run(async () => {
      const { rows } = await this.database.transaction.query<Declared>({
        name: 'sinks_declare',
        text: DECLARE,
        values: [name, tenant ?? INSTALLATION, kind, streams],
      });
      const [was] = rows;
      if (!was?.isChanged) return;
      const isFromBeginning = from === 'beginning';
      const given = from === 'beginning' ? {} : Object.fromEntries(from);
      if (!was.isKnown || was.hadAll !== true) {
        await this.#do('sinks_begin', BEGIN, [name, streams, isFromBeginning, JSON.stringify(given)]);
      }
      await this.#do('sinks_forget_others', FORGET_OTHERS, [name, streams]);
      this.database.transaction.afterCommit(() => {
        this.leases.drop(name);
        this.leases.beat();
      });
    });
  }

  override withdraw(name: string): Promise<ReadonlyMap<string, number>> {
    return this.database.run(async () => {
      await this.#do('sinks_lock', 'select from platform.sink where name = $1 for update', [name]);
      const { rows } = await this.database.transaction.query<{ tenant: string; revision: string }>({
        name: 'sinks_last_checkpoints', // By a statement of its own, so that nothing that was noted before the lock is missed.
        text: 'select tenant, revision from platform.sink_checkpoint where sink = $1',
        values: [name],
      });
      await this.#do('sinks_withdraw', 'delete from platform.sink where name = $1', [name]);
      this.database.transaction.afterCommit(() => this.leases.drop(name));
      return new Map(rows.map(({ tenant, revision }) => [tenant, Number(revision)]));
    });
  }

  async #do(name: string, text: string, values: unknown[]): Promise<void> {
    await this.database.transaction.query({ name, text, values });
  }
}
