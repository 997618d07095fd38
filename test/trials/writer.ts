import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { Replicas } from './replicas.js';

/** A kind of thing that is written. */
interface Kind {
  readonly path: string;
  /** The most that one batch of it has here. */
  readonly batchMax: number;
  /** By a number that nothing else of the trial has. */
  readonly body: (serial: number) => object;
  readonly change: (serial: number) => object;
}

/** Something that this writer made, and nobody else writes: it knows which version comes next. */
interface Owned {
  readonly kind: Kind;
  readonly id: string;
  version: number;
}

export interface WriterOptions {
  /** Which no other writer on the database has. */
  readonly name: string;
  readonly replicas: Replicas;
  /** Whose things it writes: slugs, null for what is shared. */
  readonly streams: readonly (string | null)[];
  readonly chance: Chance;
  /** From here on no other writer on the database counts. */
  readonly firstSerial: number;
  /** Of a hundred requests so many are batches; the others are one change each. */
  readonly batchPercent: number;
}

interface Answer {
  readonly status: number;
  readonly body: any;
  /** The same request was sent before, and nobody told what had become of it. */
  readonly isRetry: boolean;
}

const RETRY_MS = 20;
const ENTRIES: Kind = {
  path: '/api/v1/metadata',
  batchMax: 500,
  body: (serial) => ({ namespace: `n${serial % 10}`, key: `k-${serial}`, value: { serial } }),
  change: (serial) => ({ value: { changed: serial } }),
};
const FLAGS: Kind = {
  path: '/api/v1/feature-flags',
  batchMax: 20,
  body: (serial) => ({ name: `f-${serial}`, enabled: true, default_value: false }),
  change: (serial) => ({ description: `changed ${serial}` }),
};
const DEVICES: Kind = {
  path: '/api/v1/devices',
  batchMax: 100,
  body: (serial) => ({ device_type: 'generic', mac_address: macOf(serial), name: `d-${serial}` }),
  change: (serial) => ({ name: `changed ${serial}` }),
};
const KINDS_BY_WEIGHT = [...Array<Kind>(8).fill(ENTRIES), FLAGS, DEVICES];

/**
 * Writes through whichever process is there. It gives up no request: where nobody told what became of one, it asks again, with
 * the same Idempotency-Key or If-Match, until it knows.
 */
export class Writer {
  readonly #owned: Owned[] = [];
  #serial: number;
  #requests = 0;
  #retries = 0;

  readonly #chance: Chance;

  constructor(private readonly options: WriterOptions) {
    this.#serial = options.firstSerial;
    this.#chance = options.chance;
  }

  get retries(): number {
    return this.#retries;
  }

  /** One request; gives the changes that it made, each as `<id>@<version>`. */
  async write(): Promise<string[]> {
    const kind = this.#chance.pick(KINDS_BY_WEIGHT);
    if (this.#chance.percent(this.options.batchPercent)) return this.#batch(kind);
    const owned = this.#owned.length > 0 && this.#chance.percent(60) ? this.#taken() : null;
    if (owned === null) return this.#create(kind);
    return this.#chance.percent(15) ? this.#delete(owned) : this.#change(owned);
  }

  async #create(kind: Kind): Promise<string[]> {
    const { status, body } = await this.#send('POST', kind.path, this.#bodyOf(kind, this.#stream()));
    if (status !== 201) throw unexpected(status, body);
    return [this.#keep({ kind, id: body.id, version: body.version })];
  }

  async #change(owned: Owned): Promise<string[]> {
    const { kind, id, version } = owned;
    const { status, body, isRetry } = await this.#send(
      'PUT',
      `${kind.path}/${id}`,
      kind.change(this.#next()),
      version,
    );
    const wasDone = isRetry && status === 412 && body.current_version === version + 1;
    if (status !== 200 && !wasDone) throw unexpected(status, body);
    return [this.#keep({ ...owned, version: version + 1 })];
  }

  async #delete({ kind, id, version }: Owned): Promise<string[]> {
    const { status, body, isRetry } = await this.#send('DELETE', `${kind.path}/${id}`, undefined, version);
    if (status !== 204 && !(isRetry && status === 404)) throw unexpected(status, body);
    return [`${id}@${version + 1}`];
  }

  /** Half of them in one stream, half across streams. */
  async #batch(kind: Kind): Promise<string[]> {
    const stream = this.#stream();
    const isMixed = this.#chance.percent(50);
    const changed: (Owned | null)[] = [];
    const operations = Array.from({ length: this.#chance.between(1, kind.batchMax) }, () => {
      const owned = this.#chance.percent(30) ? this.#takenOf(kind) : null;
      changed.push(owned);
      if (owned === null) return { op: 'create', ...this.#bodyOf(kind, isMixed ? this.#stream() : stream) };
      const { id, version } = owned;
      if (this.#chance.percent(20)) return { op: 'delete', id, if_version: version };
      return { op: 'update', id, if_version: version, ...kind.change(this.#next()) };
    });
    const sent = { mode: 'atomic', operations };
    const { status, body } = await this.#send('POST', `${kind.path}/batch`, sent);
    if (status !== 200) throw unexpected(status, body);
    return body.results.map((result: any, index: number) => this.#outcome(kind, result, changed[index]));
  }

  #outcome(kind: Kind, result: any, owned: Owned | null | undefined): string {
    if (result.status === 204) return `${owned?.id}@${(owned?.version ?? 0) + 1}`;
    return this.#keep({ kind, id: result.id, version: result.version });
  }

  async #send(method: string, path: string, body?: object, version?: number): Promise<Answer> {
    this.#requests += 1;
    const headers = {
      ...(body && { 'Content-Type': 'application/json' }),
      ...(method === 'POST' && { 'Idempotency-Key': `${this.options.name}-${this.#requests}` }),
      ...(version !== undefined && { 'If-Match': `"${version}"` }),
    };
    const request = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    let isRetry = false;
    for (
      let url = this.options.replicas.any(this.#chance);
      ;
      url = this.options.replicas.any(this.#chance, url)
    ) {
      const answer = await answerTo(`${url}${path}`, request);
      if (answer && !isTooEarly(answer)) return { ...answer, isRetry };
      isRetry = true;
      this.#retries += 1;
      await pause(RETRY_MS);
    }
  }

  #bodyOf(kind: Kind, stream: string | null): object {
    return { tenant_id: stream, ...kind.body(this.#next()) };
  }

  #keep(owned: Owned): string {
    this.#owned.push(owned);
    return `${owned.id}@${owned.version}`;
  }

  /** Not to be chosen again before it is known what became of it. */
  #taken(): Owned {
    const index = this.#chance.below(this.#owned.length);
    const owned = this.#owned[index] as Owned;
    const last = this.#owned.pop() as Owned;
    if (owned !== last) this.#owned[index] = last;
    return owned;
  }

  #takenOf(kind: Kind): Owned | null {
    if (this.#owned.length === 0) return null;
    const owned = this.#taken();
    if (owned.kind === kind) return owned;
    this.#owned.push(owned);
    return null;
  }

  #stream(): string | null {
    return this.#chance.pick(this.options.streams);
  }

  #next(): number {
    this.#serial += 1;
    return this.#serial;
  }
}

/** Null where the connection broke before all of the answer was there. */
async function answerTo(url: string, request: RequestInit): Promise<{ status: number; body: any } | null> {
  try {
    const response = await fetch(url, request);
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Nothing was done, or it is not known yet. */
const isTooEarly = ({ status, body }: { status: number; body: any }): boolean =>
  status === 503 || body?.code === 'idempotency_in_progress';

const unexpected = (status: number, body: unknown): Error =>
  new Error(`A writer got ${status}: ${JSON.stringify(body).slice(0, 1_000)}`);

/** Locally administered. */
const macOf = (serial: number): string =>
  `02:${serial.toString(16).padStart(10, '0').match(/../g)?.join(':')}`;
