import { DomainError, InvalidInput, sameJson } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import type { Facts } from '../domain/backstage/facts.js';
import { SourceConflict } from '../domain/catalog-import-errors.js';
import type { CatalogImport, ImportedEntity, ImportOutcome, ImportRemark } from './catalog-import.js';
import type { KeptDescriptor, KnownThing } from './catalog-import.store.js';
import type { Home } from './company-of.js';

/** Many writes at once, of which none may be refused, or each by itself. */
export type Pace = 'together' | 'one by one';

/** One of many writes was refused: nobody knows which, and so each is tried by itself. */
export class RefusedTogether extends Error {}

type Becoming = 'created' | 'updated' | 'unchanged';

/** An entity whose facts are of one kind. */
export type EntityOf<Kind extends Facts['is']> = ImportedEntity & {
  readonly facts: Extract<Facts, { is: Kind }>;
};

/** One import under way: what is known, and what became of each entity. */
export class ImportRun {
  readonly errors: ImportRemark[];
  readonly warnings: ImportRemark[] = [];
  readonly #known: Map<string, KnownThing>;
  readonly #became = new Map<string, Becoming>();
  readonly #dangling = new Map<string, Set<string>>();
  readonly #ids = new Map<string, string>();
  #orphaned = 0;
  #deleted = 0;

  readonly #later: (() => Promise<void>)[] = [];

  constructor(
    readonly asked: CatalogImport,
    readonly home: Home,
    known: readonly KnownThing[],
    private readonly pace: Pace = 'one by one',
  ) {
    this.errors = [...asked.errors];
    this.#known = new Map(known.map((thing) => [thing.ref, thing]));
  }

  entitiesOf<Kind extends Facts['is']>(kind: Kind): EntityOf<Kind>[] {
    return this.asked.entities.filter(({ facts }) => facts.is === kind) as EntityOf<Kind>[];
  }

  /** What this source said of it before. */
  before(ref: string): KnownThing | null {
    const thing = this.#known.get(ref);
    return thing && thing.source === this.asked.source ? thing : null;
  }

  get knownOfSource(): KnownThing[] {
    return [...this.#known.values()].filter(({ source }) => source === this.asked.source);
  }

  /** What a reference leads to; null for nothing. */
  idOf(ref: string, is: KnownThing['is']): string | null {
    const own = this.#ids.get(`${is} ${ref}`);
    if (own !== undefined) return own;
    const thing = this.#known.get(ref);
    return thing?.is === is ? thing.id : null;
  }

  /** The same, noting with the entity that names it what leads nowhere. */
  resolve(from: ImportedEntity, { ref, is, pointer }: Naming): string | null {
    const id = this.idOf(ref, is);
    if (id !== null) return id;
    const detail = `There is no ${is} ${ref} in the catalog; the rest went in without it.`;
    this.leaveOut(from, ref, { pointer, code: 'catalog_reference_unknown', detail });
    return null;
  }

  /** What it says of this reference does not go in, and is kept with it word for word. */
  leaveOut(from: ImportedEntity, ref: string, why: Violation): void {
    this.#dangling.set(from.ref, (this.#dangling.get(from.ref) ?? new Set()).add(ref));
    this.warnings.push(from.remark(why));
  }

  /** Does the work for one entity; what the catalog refuses is noted with it. */
  async trying(entity: ImportedEntity, work: () => Promise<unknown>): Promise<boolean> {
    try {
      const thing = this.#known.get(entity.ref);
      if (thing && thing.source !== this.asked.source) throw new SourceConflict(thing.source);
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      for (const violation of violationsOf(error)) this.errors.push(entity.remark(violation));
      return false;
    }
  }

  /** Writes with all others as soon as they are settled; or at once, and then so that a refusal undoes it alone. */
  async saving(save: () => Promise<void>, alone = save): Promise<void> {
    if (this.pace === 'one by one') await alone();
    else this.#later.push(save);
  }

  /**
   * Sends what was put off, in the order in which it was, without waiting in between.
   * @throws RefusedTogether when the catalog refuses any of it
   */
  async settle(): Promise<void> {
    const saves = this.#later.splice(0);
    const outcomes = await Promise.allSettled(saves.map((save) => save())); // Nothing of it goes on after a failure.
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (!failed) return;
    const error: unknown = failed.reason;
    throw error instanceof DomainError && error.kind !== 'unavailable' ? new RefusedTogether() : error;
  }

  /** What is said in other words, and is what it was. */
  get describedAnew(): KeptDescriptor[] {
    return this.kept.filter(({ ref }) => this.before(ref) && this.#became.get(ref) === 'unchanged');
  }

  /** It is there now, under this id. */
  became(entity: ImportedEntity, id: string, becoming: Becoming): void {
    this.#ids.set(`${entity.facts.is} ${entity.ref}`, id);
    const before = this.#became.get(entity.ref) ?? 'unchanged';
    this.#became.set(entity.ref, before === 'unchanged' ? becoming : before);
  }

  isIn(ref: string): boolean {
    return this.#became.has(ref);
  }

  orphaned(): void {
    this.#orphaned += 1;
  }

  deleted(): void {
    this.#deleted += 1;
  }

  /** What changed of what was said word for word. */
  get kept(): KeptDescriptor[] {
    return this.#all.filter((next) => !this.#isKept(next));
  }

  get outcome(): ImportOutcome {
    const descriptions = new Set(this.kept.map(({ ref }) => ref));
    const counts = { created: 0, updated: 0, unchanged: 0 };
    for (const [ref, becoming] of this.#became)
      counts[becoming === 'unchanged' && descriptions.has(ref) ? 'updated' : becoming] += 1;
    const { errors, warnings } = this;
    return { ...counts, orphaned: this.#orphaned, deleted: this.#deleted, errors, warnings };
  }

  get #all(): KeptDescriptor[] {
    return this.asked.entities.flatMap(({ ref, facts: { is }, entity }) => {
      const id = this.isIn(ref) ? this.idOf(ref, is) : null;
      const dangling = [...(this.#dangling.get(ref) ?? [])].sort();
      return id === null ? [] : [{ ref, is, id, source: this.asked.source, entity, dangling }];
    });
  }

  #isKept({ ref, entity, dangling }: KeptDescriptor): boolean {
    const before = this.before(ref);
    return before !== null && sameJson(before.entity, entity) && sameJson(before.dangling, dangling);
  }
}

/** A reference, to what, and where it stands in the entity. */
export interface Naming {
  readonly ref: string;
  readonly is: KnownThing['is'];
  readonly pointer: string;
}

function violationsOf(error: DomainError): readonly Violation[] {
  if (error instanceof InvalidInput) return error.violations;
  const { errors } = error.facts;
  if (Array.isArray(errors)) return errors as Violation[];
  return [{ pointer: '', code: error.code, detail: error.message }];
}
