import { Injectable } from '@nestjs/common';
import { Breather } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { CatalogReferences, CatalogReferenceUnknown } from '#catalog';
import type { CategoryId } from '../domain/identity.js';
import { CategoryUnknown } from '../domain/item-errors.js';
import type { RecordCategory } from '../domain/import-record.js';
import { contentMistakes } from '../domain/item.js';
import { pathNames } from '../domain/named-item.js';
import { nameKey } from '../domain/names.js';
import type { KeyedRecord } from './import-keys.js';
import type { ImportTally } from './import-tally.js';
import { ImportTraces } from './import-traces.js';
import type { NamedCategory } from './import-traces.js';

/** What items are of whose records do not say it. */
export interface ImportDefaults {
  readonly categoryId: CategoryId | null;
  readonly teamId: string | null;
  readonly environment: string | null;
}

/** How records are put into their places. */
export interface Placing {
  readonly tenant: string | null;
  readonly defaults: ImportDefaults;
  /** What to do with a record of a category that there is not. */
  readonly unknownCategory: 'refuse' | 'leave_out';
}

/** A record whose category, team and environment are there. */
export interface PlacedRecord extends KeyedRecord {
  readonly place: ImportDefaults;
}

/** What the catalog does not know, by the kind and the name. */
type Unknown = ReadonlyMap<string, Violation>;

/** Finds the categories, teams and environments that the records of a file name, all at once. */
@Injectable()
export class ImportPlaces {
  constructor(
    private readonly traces: ImportTraces,
    private readonly catalog: CatalogReferences,
  ) {}

  /** Those that are sound and have a place. @throws CategoryUnknown, CatalogReferenceUnknown for what is said of the whole file */
  async place(
    records: readonly KeyedRecord[],
    placing: Placing,
    tally: ImportTally,
  ): Promise<readonly PlacedRecord[]> {
    const { tenant, defaults } = placing;
    await this.catalog.expectKnown(tenant, {
      environments: named(defaults.environment, '/environment'),
      teams: named(defaults.teamId, '/team_id'),
    });
    const isAnyNamed = defaults.categoryId !== null || records.some(({ content }) => content.category);
    const categories = new Categories(isAnyNamed ? await this.traces.categories(tenant) : []);
    if (defaults.categoryId !== null && !categories.has(defaults.categoryId))
      throw new CategoryUnknown([unknownCategory('/category_id', 'There is no such category.')]);
    const unknown = await this.#unknownOf(records, tenant);
    const breather = new Breather();
    const placed: PlacedRecord[] = [];
    for (const record of records) {
      await breather.pause();
      const mistakes: Violation[] = unknownMistakes(record, unknown);
      const categoryId = categoryOf(record.content.category, categories, { placing, mistakes });
      const { teamId, environment } = record.content;
      const place = {
        categoryId: categoryId ?? defaults.categoryId,
        teamId: teamId ?? defaults.teamId,
        environment: environment ?? defaults.environment,
      };
      mistakes.push(...unsoundIn({ ...record, place }));
      if (mistakes.length > 0) tally.fail(record.record, mistakes);
      else placed.push({ ...record, place });
    }
    return placed;
  }

  async #unknownOf(records: readonly KeyedRecord[], tenant: string | null): Promise<Unknown> {
    const distinct = (of: (record: KeyedRecord) => string | null, kind: string) =>
      [...new Set(records.map(of))].flatMap((value) => named(value, `${kind}${value}`));
    try {
      await this.catalog.expectKnown(tenant, {
        environments: distinct(({ content }) => content.environment, ENVIRONMENT),
        teams: distinct(({ content }) => content.teamId, TEAM),
      });
      return new Map();
    } catch (error) {
      if (!(error instanceof CatalogReferenceUnknown)) throw error;
      return new Map(error.violations.map((violation) => [violation.pointer, violation]));
    }
  }
}

/** Looked at before anybody is made for it. */
function unsoundIn({ content, place }: PlacedRecord): Violation[] {
  const mistakes = contentMistakes({ ...content, ...place });
  if (JSON.stringify([content.item, content.notes, content.labels]).includes('\\u0000'))
    mistakes.push({ pointer: '', code: 'nul_character', detail: 'The character NUL cannot be stored.' });
  return mistakes;
}

const ENVIRONMENT = '/environment/';
const TEAM = '/team_id/';

const named = (value: string | null, pointer: string): { value: string; pointer: string }[] =>
  value === null ? [] : [{ value, pointer }];

function unknownMistakes({ content: { environment, teamId } }: KeyedRecord, unknown: Unknown): Violation[] {
  const mistakes = [
    { pointer: '/environment', found: unknown.get(`${ENVIRONMENT}${environment}`) },
    { pointer: '/team_id', found: unknown.get(`${TEAM}${teamId}`) },
  ];
  return mistakes.flatMap(({ pointer, found }) => (found ? [{ ...found, pointer }] : []));
}

/** The categories of a tenant by their ids, and by the way to them. */
class Categories {
  readonly #ids: ReadonlySet<CategoryId>;
  readonly #byPath = new Map<string, NamedCategory[]>();
  /** Files of other programs have colons of names as they are. */
  readonly #asSaid = new Map<string, NamedCategory[]>();

  constructor(all: readonly NamedCategory[]) {
    this.#ids = new Set(all.map(({ id }) => id));
    for (const category of all) {
      note(this.#byPath, pathKey(category.names), category);
      note(this.#asSaid, pathKey(category.names.join(':').split(':')), category);
    }
  }

  has(id: CategoryId): boolean {
    return this.#ids.has(id);
  }

  /** The tenant's own before shared ones. */
  at(path: string): readonly NamedCategory[] {
    const all =
      this.#byPath.get(pathKey(pathNames(path))) ?? this.#asSaid.get(pathKey(path.split(':'))) ?? [];
    const own = all.filter(({ isOwn }) => isOwn);
    return own.length > 0 ? own : all;
  }
}

const pathKey = (names: readonly string[]): string => JSON.stringify(names.map(nameKey));

function note(all: Map<string, NamedCategory[]>, key: string, category: NamedCategory): void {
  const some = all.get(key);
  if (some) some.push(category);
  else all.set(key, [category]);
}

/** By its id where that is known here, else by the way to it. */
function categoryOf(
  category: RecordCategory | null,
  categories: Categories,
  { placing, mistakes }: { readonly placing: Placing; readonly mistakes: Violation[] },
): CategoryId | null {
  if (!category) return null;
  const { id, path } = category;
  if (id !== null && categories.has(id)) return id;
  const [only, ...others] = path === null ? [] : categories.at(path);
  if (only && others.length === 0) return only.id;
  if (placing.unknownCategory === 'leave_out') return null;
  const pointer = path === null ? '/category_id' : '/category';
  const detail = `${only ? 'Several categories are' : 'There is no category'} "${path ?? id}".`;
  mistakes.push(only ? { pointer, code: 'category_ambiguous', detail } : unknownCategory(pointer, detail));
  return null;
}

const unknownCategory = (pointer: string, detail: string): Violation => ({
  pointer,
  code: 'category_unknown',
  detail,
});
