import pg from 'pg';

const CHANNEL = 'metastore_change_log';
/** At most one message in this time: a NOTIFY per commit would serialise every commit of the database. */
const COALESCE_MS = 10;
const RECONNECT_MS_MAX = 2_000;
const CONNECT_MS_MAX = 5_000;
/** PostgreSQL refuses payloads of 8,000 bytes; beyond this many names a bare "something moved" is sent. */
const NAMES_MAX = 100;

/** What the wake-up tells: the streams that moved, or null for "look at all of them". */
export type Moved = (tenants: readonly string[] | null) => void;

/**
 * Tells the other processes that streams moved, and hears it from them, over one connection of its own. A hint and
 * nothing more: what was missed while it was down is found by reading the heads.
 */
export class WakeUp {
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  #failures = 0;
  readonly #toTell = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly moved: Moved,
  ) {}

  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'metastore-wake-up',
      connectionTimeoutMillis: CONNECT_MS_MAX,
      keepAlive: true,
      pipeline: true, // One message may follow another before that is answered.
    });
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    client.on('notification', ({ payload }) => this.moved(payload ? payload.split(',') : null));
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    if (this.#stopped) return client.end();
    this.#client = client;
    this.#failures = 0;
    this.moved(null); // Whatever was told while nobody listened.
  }

  /** Tells the others within 10 ms, together with whatever else moves in that time. */
  tell(tenant: string): void {
    this.#toTell.add(tenant);
    this.#timer ??= setTimeout(() => this.#send(), COALESCE_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = null;
    if (!client) return;
    if (this.#toTell.size > 0) await this.#notify(client);
    await client.end().catch(() => undefined);
  }

  #send(): void {
    this.#timer = null;
    if (this.#client) void this.#notify(this.#client);
  }

  /** A hint that gets lost costs the others up to a second, until they read the heads. */
  async #notify(client: pg.Client): Promise<void> {
    const payload = this.#toTell.size > NAMES_MAX ? '' : [...this.#toTell].join(',');
    this.#toTell.clear();
    await client.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch(() => undefined);
  }

  /** A connection that never stood is no loss: whoever opened it knows. */
  #lost(client: pg.Client): void {
    if (client !== this.#client) return;
    this.#client = null;
    this.#reconnect();
  }

  /** One attempt after the other, ever slower, until one succeeds. */
  #reconnect(): void {
    if (this.#stopped) return;
    this.#failures += 1;
    const wait = Math.min(RECONNECT_MS_MAX, 50 * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    setTimeout(() => {
      if (!this.#stopped) this.start().catch(() => this.#reconnect());
    }, wait).unref();
  }
}
