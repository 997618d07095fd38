import { Injectable, Logger } from '@nestjs/common';
import { CallContext } from '#platform/context';
import { Database, DatabaseAddress, DatabaseClock } from '#platform/database';
import { ChangeBus } from './change-bus.js';
import type { StreamMove } from './change-bus.js';
import type { CommittedChange } from './change.js';
import { StreamPositions } from './stream-positions.js';
import { WakeUp } from './wake-up.js';

const POLL_MS = 1_000;
const READ_ROWS_MAX = 5_000;

interface Head {
  readonly tenant: string;
  readonly revision: number;
}

interface LogRow {
  revision: string;
  sub: number;
  aggregate_type: string;
  aggregate_id: string;
  aggregate_version: number;
  type: string;
  subject: string;
  previous_subject: string | null;
}

/**
 * Brings what other processes committed to this one's listeners, in the order of each stream. Woken by a message,
 * and by looking at the heads each second in case one got lost.
 */
@Injectable()
export class ChangeFeed {
  readonly #logger = new Logger(ChangeFeed.name);
  readonly #positions = new StreamPositions();
  readonly #wakeUp: WakeUp;
  readonly #starting: ((tenant: string, revision: number) => void)[] = [];
  #poll: NodeJS.Timeout | null = null;
  #reading: Promise<void> = Promise.resolve();
  #away = false;
  /** By stream: how many revisions are known to be there and not told yet. */
  readonly #behind = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly bus: ChangeBus,
    private readonly clock: DatabaseClock,
    address: DatabaseAddress,
  ) {
    this.#wakeUp = new WakeUp(address.url, (tenants) => this.#look(tenants));
  }

  /** True while changes of other processes cannot be heard of: what is in memory may be old. */
  get isAway(): boolean {
    return this.#away;
  }

  /** The revision of a stream up to which everything was told on the bus; 0 for a stream never heard of. */
  reached(tenant: string): number {
    return this.#positions.of(tenant);
  }

  /** Revisions of other processes that are there and that this one was not told of yet, as far as it knows. */
  get lagRevisions(): number {
    return [...this.#behind.values()].reduce((sum, revisions) => sum + revisions, 0);
  }

  /** Tells where each stream starts for this process; what is read before that revision may be old. */
  onStart(listener: (tenant: string, revision: number) => void): void {
    this.#starting.push(listener);
  }

  /** From here on no change is missed. Called before the first request is taken. */
  async start(): Promise<void> {
    for (const { tenant, revision } of await this.#heads(null)) {
      this.#positions.startAt(tenant, revision);
      for (const listener of this.#starting) listener(tenant, revision);
    }
    this.bus.listenToStreams((move, origin) => origin === 'here' && this.#committedHere(move));
    await this.#wakeUp.start();
    this.#poll = setInterval(() => this.#look(null), POLL_MS);
    this.#poll.unref();
  }

  async stop(): Promise<void> {
    if (this.#poll) clearInterval(this.#poll);
    await this.#wakeUp.stop();
    await this.#reading;
  }

  /** Own commits: nothing to read back, only to tell the others. */
  #committedHere({ tenant, revision }: StreamMove): void {
    this.#positions.announce(tenant, revision);
    this.#wakeUp.tell(tenant);
  }

  /** One look after the other, so that no revision is announced twice. */
  #look(tenants: readonly string[] | null): void {
    this.#reading = this.#reading
      .then(() => this.#catchUp(tenants))
      .then(
        () => this.#report(null),
        (error: unknown) => this.#report(error),
      );
  }

  #report(error: unknown): void {
    if (error && !this.#away)
      this.#logger.warn(
        `The change log cannot be read now: ${error instanceof Error ? error.message : 'unknown'}`,
      );
    if (!error && this.#away) this.#logger.log('The change log can be read again.');
    this.#away = Boolean(error);
  }

  async #catchUp(tenants: readonly string[] | null): Promise<void> {
    const heads = await this.#heads(tenants);
    for (const { tenant, revision } of heads) this.#noteLag(tenant, revision);
    for (const { tenant, revision } of heads) {
      while (this.#positions.of(tenant) < revision) {
        const known = this.#positions.of(tenant);
        const changes = await this.#read(tenant, known);
        if (changes.length === 0) break;
        const news = changes.filter((change) => this.#positions.announce(tenant, change.revision));
        this.bus.publish(withWholeRevisions(changes, news), 'elsewhere');
        if (this.#positions.of(tenant) === known)
          this.#passOver(tenant, changes.at(-1)?.revision ?? revision);
        this.#noteLag(tenant, revision);
      }
    }
  }

  #noteLag(tenant: string, head: number): void {
    const behind = head - this.#positions.of(tenant);
    if (behind > 0) this.#behind.set(tenant, behind);
    else this.#behind.delete(tenant);
  }

  /** This process was away for so long that not all of what it missed is kept: it starts anew. */
  #passOver(tenant: string, revision: number): void {
    this.#positions.startAt(tenant, revision);
    for (const listener of this.#starting) listener(tenant, revision);
  }

  /** Brings the database's time along, so that the clock is never off for longer than a poll. */
  async #heads(tenants: readonly string[] | null): Promise<Head[]> {
    const rows = await this.context.runAsSystem('change-feed', () =>
      this.database.read<{ now: Date; tenant: string | null; revision: string | null }>({
        name: 'stream_heads',
        text: `select clock_timestamp() as now, h.tenant, h.revision from (values (1)) as one
               left join platform.stream_head h on $1::text[] is null or h.tenant = any ($1)`,
        values: [tenants],
      }),
    );
    if (rows[0]) this.clock.observe(rows[0].now);
    return rows.flatMap(({ tenant, revision }) =>
      tenant === null ? [] : [{ tenant, revision: Number(revision) }],
    );
  }

  async #read(tenant: string, after: number): Promise<CommittedChange[]> {
    const rows = await this.context.runAsSystem('change-feed', () =>
      this.database.read<LogRow>({
        name: 'change_feed_read',
        text: `select revision, sub, aggregate_type, aggregate_id, aggregate_version, type, subject, previous_subject
               from platform.change_log
               where tenant = $1 and revision > $2 and revision <= (
                 select max(revision) from (select revision from platform.change_log
                   where tenant = $1 and revision > $2 order by revision, sub limit $3) as page)
               order by revision, sub`,
        values: [tenant, after, READ_ROWS_MAX],
      }),
    );
    return rows.map((row) => ({
      tenant,
      revision: Number(row.revision),
      sub: row.sub,
      aggregateType: row.aggregate_type,
      aggregateId: row.aggregate_id,
      aggregateVersion: row.aggregate_version,
      type: row.type,
      subject: row.subject,
      previousSubject: row.previous_subject,
    }));
  }
}

/** A revision is new when its first row is; all rows of it are then told. */
function withWholeRevisions(
  changes: readonly CommittedChange[],
  news: readonly CommittedChange[],
): CommittedChange[] {
  const revisions = new Set(news.map((change) => change.revision));
  return changes.filter((change) => revisions.has(change.revision));
}
