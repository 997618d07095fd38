import type { Chance } from './chance.js';
import { unexpected } from './requests.js';
import type { Requests } from './requests.js';

/** Many items that came in one file: what is done to one of them later is done to all. */
interface Imported {
  readonly id: string;
  readonly stream: string | null;
  readonly items: readonly string[];
  /** Of each item. */
  readonly version: number;
  /** Whom all of them pay, and nobody else's items do. */
  readonly payee: string;
}

const BUDGET = '/api/v1/budget';
const ITEMS_MIN = 200;
const ITEMS_MAX = 3_000;
const HEADER = 'id,item,amount,currency,payor_id,payee_id,transaction_date';

/** Writes thousands of changes with one request: imports files, gives all of a file's items another payee, takes files back. */
export class Bookkeeper {
  readonly #imports: Imported[] = [];
  readonly #payors = new Map<string | null, string>();

  constructor(
    private readonly requests: Requests,
    private readonly chance: Chance,
    /** A number that nothing else of the trial has. */
    private readonly nextSerial: () => number,
  ) {}

  /** A file, or something done to one; gives the changes, each as `<id>@<version>`. */
  async write(stream: string | null): Promise<string[]> {
    if (this.#imports.length === 0 || this.chance.percent(50)) return this.#import(stream);
    const [imported] = this.#imports.splice(this.chance.below(this.#imports.length), 1) as [Imported];
    return this.chance.percent(60) ? this.#pay(imported) : this.#undo(imported);
  }

  async #import(stream: string | null): Promise<string[]> {
    const changes: string[] = [];
    const payor = this.#payors.get(stream) ?? (await this.#payee(stream, changes));
    this.#payors.set(stream, payor);
    const payee = await this.#payee(stream, changes);
    const items = Array.from({ length: this.chance.between(ITEMS_MIN, ITEMS_MAX) }, () =>
      idOf(this.nextSerial()),
    );
    const lines = items.map((id, index) => `${id},${id},${index + 1}.00,EUR,${payor},${payee},2026-05-01`);
    const query = `format=csv${stream === null ? '' : `&tenant_id=${stream}`}`;
    const answer = await this.requests.send({
      ...{ method: 'POST', path: `${BUDGET}/imports?${query}`, body: [HEADER, ...lines].join('\n') },
    });
    if (answer.status !== 201 || answer.body.created !== items.length) throw unexpected(answer);
    const { id } = answer.body;
    this.#imports.push({ id, stream, items, version: 1, payee });
    return [...changes, `${id}@1`, ...items.map((item) => `${item}@1`)];
  }

  /** By merging whom they paid into somebody else. */
  async #pay({ payee: from, ...imported }: Imported): Promise<string[]> {
    const changes: string[] = [];
    const payee = await this.#payee(imported.stream, changes);
    const path = `${BUDGET}/payees/${from}/merge`;
    const answer = await this.requests.send({ method: 'POST', path, body: { into: payee } });
    if (answer.status !== 200) throw unexpected(answer);
    const version = imported.version + 1;
    this.#imports.push({ ...imported, payee, version });
    return [...changes, `${from}@2`, ...imported.items.map((item) => `${item}@${version}`)];
  }

  async #undo({ id, items, version }: Imported): Promise<string[]> {
    const path = `${BUDGET}/imports/${id}?force=true`;
    const answer = await this.requests.send({ method: 'DELETE', path });
    if (answer.status !== 204 && !(answer.isRetry && answer.status === 404)) throw unexpected(answer);
    return [`${id}@2`, ...items.map((item) => `${item}@${version + 1}`)];
  }

  async #payee(stream: string | null, changes: string[]): Promise<string> {
    const body = { tenant_id: stream, name: `p-${this.nextSerial()}` };
    const answer = await this.requests.send({ method: 'POST', path: `${BUDGET}/payees`, body });
    if (answer.status !== 201) throw unexpected(answer);
    changes.push(`${answer.body.id}@1`);
    return answer.body.id;
  }
}

const idOf = (serial: number): string => `00000000-0000-4000-8000-${serial.toString(16).padStart(12, '0')}`;
