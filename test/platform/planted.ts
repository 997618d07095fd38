import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply, Sent, TestApi } from '../api.js';
import type { Kind, Others } from './kind.js';
import type { Facts, Operation } from './openapi-walk.js';

const TESTS = join(import.meta.dirname, '..');

/** Whose resources are made, and what stands in them. */
interface Plot {
  readonly api: TestApi;
  readonly text: string;
  readonly members: object;
  readonly sent: Sent;
}

/** Those of every context that tells of some, the one with the longest path first: it is more to the point. */
export async function allKinds(): Promise<readonly Kind[]> {
  const contexts = readdirSync(TESTS).filter((folder) => existsSync(join(TESTS, folder, 'kinds.ts')));
  const told = await Promise.all(
    contexts.sort().map(async (context) => (await import(`../${context}/kinds.js`)) as { KINDS: Kind[] }),
  );
  return told.flatMap(({ KINDS }) => KINDS).sort((a, b) => b.about.length - a.about.length);
}

const kindOf = (kinds: readonly Kind[], { path }: Operation): Kind | undefined =>
  kinds.find(({ about }) => path.startsWith(about));

/** One resource of each kind, so that a walk of the document finds something in every context. */
export class Planted {
  private constructor(
    private readonly kinds: readonly Kind[],
    private readonly known: ReadonlyMap<Kind, Facts>,
  ) {}

  static async on(api: TestApi, text: string, members: object = {}, sent: Sent = {}): Promise<Planted> {
    const kinds = await allKinds();
    const plants = new Plants(kinds, { api, text, members, sent });
    const known = new Map<Kind, Facts>();
    for (const kind of kinds) known.set(kind, await kind.facts(await plants.lasting(kind), plants));
    return new Planted(kinds, known);
  }

  /** What is known of the resource that an operation is about; nothing where it is about none. */
  factsFor(operation: Operation): Facts {
    const kind = kindOf(this.kinds, operation);
    return (kind && this.known.get(kind)) ?? {};
  }

  /** Whether an operation is about what nobody but the installation's own administrators learn of, where it belongs to all. */
  isHiddenWhenShared(operation: Operation): boolean {
    return kindOf(this.kinds, operation)?.hiddenWhenShared === true;
  }

  /** The ids of all of them, with the collection in which each lies. */
  get all(): { collection: string; id: unknown; ofInstallation: boolean }[] {
    return this.kinds.flatMap((kind) => {
      const { collection, ofInstallation = false } = kind;
      const id = this.known.get(kind)?.['id'];
      return id === undefined ? [] : [{ collection, id, ofInstallation }];
    });
  }
}

/** Makes what one operation is about, and tells what is known of it. */
export class Planting {
  private constructor(
    private readonly kinds: readonly Kind[],
    private readonly plants: Plants,
  ) {}

  static async on(api: TestApi): Promise<Planting> {
    const kinds = await allKinds();
    return new Planting(kinds, new Plants(kinds, { api, text: 'planted', members: {}, sent: {} }));
  }

  /** A new one at each call, except for what changes nothing: for that, the same one will do. */
  async factsFor(operation: Operation): Promise<Facts> {
    if (operation.method === 'GET') return this.lastingFor(operation);
    const kind = kindOf(this.kinds, operation);
    return kind ? kind.facts(await this.plants.another(kind), this.plants) : {};
  }

  /** The same one at each call, for what is refused before anything is done. */
  async lastingFor(operation: Operation): Promise<Facts> {
    const kind = kindOf(this.kinds, operation);
    return kind ? kind.facts(await this.plants.lasting(kind), this.plants) : {};
  }
}

/** What grows on a plot. */
class Plants implements Others {
  readonly #lasting = new Map<Kind, Promise<any>>();

  constructor(
    private readonly kinds: readonly Kind[],
    private readonly plot: Plot,
  ) {}

  one(collection: string): Promise<any> {
    const kind = this.kinds.find((each) => each.collection === collection);
    if (!kind) throw new Error(`No context tells of a kind in ${collection}.`);
    return this.lasting(kind);
  }

  async ask(method: 'GET' | 'POST', path: string): Promise<any> {
    const { api, sent } = this.plot;
    const reply = await api.request(method, path, sent);
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${reply.text}`);
    return reply.body;
  }

  /** The one that others may lean on. */
  lasting(kind: Kind): Promise<any> {
    const made = this.#lasting.get(kind) ?? this.another(kind);
    this.#lasting.set(kind, made);
    return made;
  }

  async another(kind: Kind): Promise<any> {
    const own = await kind.body(`n${randomUUID()}`, this.plot.text, this);
    const reply = await this.#send(kind, own);
    if (reply.status !== 201) throw new Error(`${kind.collection}: ${reply.text}`);
    return reply.body;
  }

  #send({ collection, file, ofInstallation }: Kind, own: object): Promise<Reply> {
    const { api, members, sent } = this.plot;
    if (ofInstallation) return api.post(collection, own);
    if (!file) return api.post(collection, { ...own, ...members }, sent);
    const said = Object.entries(members).filter(([, value]) => value !== null);
    const query = new URLSearchParams([...Object.entries(file.query), ...said]).toString();
    const headers = { ...sent.headers, 'Content-Type': file.type };
    return api.post(`${collection}?${query}`, file.text(own), { ...sent, headers });
  }
}
