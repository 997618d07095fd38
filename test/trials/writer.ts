import { Bookkeeper } from './bookkeeper.js';
import type { Chance } from './chance.js';
import type { Replicas } from './replicas.js';
import { Requests, unexpected } from './requests.js';

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
  /** Of a hundred requests so many are batches, and so many change some thousands; the others are one change each. */
  readonly batchPercent: number;
  readonly bulkPercent?: number;
}

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

/** Writes single changes, batches, and thousands at once. */
export class Writer {
  readonly #owned: Owned[] = [];
  readonly #chance: Chance;
  readonly #requests: Requests;
  readonly #bookkeeper: Bookkeeper;
  #serial: number;

  constructor(private readonly options: WriterOptions) {
    const { name, replicas, chance, firstSerial } = options;
    this.#serial = firstSerial;
    this.#chance = chance;
    this.#requests = new Requests(name, replicas, chance);
    this.#bookkeeper = new Bookkeeper(this.#requests, chance, () => this.#next());
  }

  /** How often it had to ask again. */
  get retries(): number {
    return this.#requests.retries;
  }

  /** One request; gives the changes that it made, each as `<id>@<version>`. */
  async write(): Promise<string[]> {
    if (this.#chance.percent(this.options.bulkPercent ?? 0)) return this.#bookkeeper.write(this.#stream());
    const kind = this.#chance.pick(KINDS_BY_WEIGHT);
    if (this.#chance.percent(this.options.batchPercent)) return this.#batch(kind);
    const owned = this.#owned.length > 0 && this.#chance.percent(60) ? this.#taken() : null;
    if (owned === null) return this.#create(kind);
    return this.#chance.percent(15) ? this.#delete(owned) : this.#change(owned);
  }

  async #create(kind: Kind): Promise<string[]> {
    const sent = this.#bodyOf(kind, this.#stream());
    const answer = await this.#requests.send({ method: 'POST', path: kind.path, body: sent });
    if (answer.status !== 201) throw unexpected(answer);
    return [this.#keep({ kind, id: answer.body.id, version: answer.body.version })];
  }

  async #change(owned: Owned): Promise<string[]> {
    const { kind, id, version } = owned;
    const body = kind.change(this.#next());
    const answer = await this.#requests.send({ method: 'PUT', path: `${kind.path}/${id}`, body, version });
    const wasDone = answer.isRetry && answer.status === 412 && answer.body.current_version === version + 1;
    if (answer.status !== 200 && !wasDone) throw unexpected(answer);
    return [this.#keep({ ...owned, version: version + 1 })];
  }

  async #delete({ kind, id, version }: Owned): Promise<string[]> {
    const answer = await this.#requests.send({ method: 'DELETE', path: `${kind.path}/${id}`, version });
    if (answer.status !== 204 && !(answer.isRetry && answer.status === 404)) throw unexpected(answer);
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
    const answer = await this.#requests.send({ method: 'POST', path: `${kind.path}/batch`, body: sent });
    if (answer.status !== 200) throw unexpected(answer);
    return answer.body.results.map((result: any, index: number) =>
      this.#outcome(kind, result, changed[index]),
    );
  }

  #outcome(kind: Kind, result: any, owned: Owned | null | undefined): string {
    if (result.status === 204) return `${owned?.id}@${(owned?.version ?? 0) + 1}`;
    return this.#keep({ kind, id: result.id, version: result.version });
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

/** Locally administered. */
const macOf = (serial: number): string =>
  `02:${serial.toString(16).padStart(10, '0').match(/../g)?.join(':')}`;
