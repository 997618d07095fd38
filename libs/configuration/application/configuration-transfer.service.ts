import { Injectable } from '@nestjs/common';
import { DomainError, UnitOfWork } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import type { ConfigurationContent, ConfigurationState, Scope } from '../domain/configuration-state.js';
import { ConfigurationNotFound } from '../domain/errors.js';
import type { ConfigurationId, SchemaId, ServiceId } from '../domain/identity.js';
import { SchemaUnknown } from '../domain/schema-errors.js';
import { ConfigurationImportRefused } from '../domain/transfer-errors.js';
import type { ConfigurationView } from './configuration.queries.js';
import { ConfigurationService } from './configuration.service.js';
import type { ConfigurationWork, WorkOutcome } from './configuration.service.js';
import type { ConfigurationWrites } from './configuration-writes.js';
import { assign } from './import-matching.js';
import { Layers } from './layers.js';
import { OwnedConfigurations } from './owned-configurations.js';
import type { Owned } from './owned-configurations.js';
import { relocating } from './relocating.js';
import { SchemaNames } from './schema-names.js';
import type { SchemaName } from './schema-names.js';

/** A configuration as a document has it. */
export interface ImportedConfiguration {
  /** For example `/configurations/3`. */
  readonly pointer: string;
  readonly scope: Scope;
  /** What it is to be, decided on what is stored; the schema is known by its name alone. */
  content(stored: ConfigurationState | null): Omit<ConfigurationContent, 'schemaId'>;
  /** Null is none; undefined is the one that is stored. */
  readonly schema: SchemaName | null | undefined;
  /** An id, in case it has to be made. */
  readonly newId: ConfigurationId;
  /** Where in the document something of the configuration stands, for example `/values/port`. */
  placeOf(pointer: string): string;
  /** What a refusal says, at the places of the document. */
  violationsOf(error: DomainError): readonly Violation[];
}

/** What is to be stored, all of it or nothing. */
export interface ConfigurationDocument {
  readonly tenant: string | null;
  readonly configurations: readonly ImportedConfiguration[];
  /** What else the owner has of these is deleted; null leaves it alone. */
  readonly replaces: Omit<Owned, 'tenant'> | null;
  readonly reason: string | null;
}

/** What became of one of them. */
export interface ImportedOutcome {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted';
  /** Null where there was none. */
  readonly before: ConfigurationState | null;
  /** Null where there is none any more. */
  readonly after: ConfigurationState | null;
}

/** A configuration with its schema as people call it; null where it has none. */
export interface ExportedConfiguration {
  readonly configuration: ConfigurationView;
  readonly schema: Required<SchemaName> | null;
}

const SCHEMA_UNKNOWN = new SchemaUnknown().code;

/** Which stored configuration came from where in the document. */
type Places = Map<string | null, ImportedConfiguration>;

/** What is wanted, with the id of its schema. */
interface Item {
  readonly imported: ImportedConfiguration;
  readonly scope: Scope;
  /** As it is where nothing is stored. */
  readonly content: ConfigurationContent;
  contentFor(stored: ConfigurationState): ConfigurationContent;
}

/** Takes configurations out as a whole, and in. */
@Injectable()
export class ConfigurationTransfer {
  constructor(
    private readonly configurations: ConfigurationService,
    private readonly owned: OwnedConfigurations,
    private readonly schemas: SchemaNames,
    private readonly layers: Layers,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The active one of this scope without a window. @throws ConfigurationNotFound */
  async permanent({ tenant, service, name, environment }: Scope): Promise<ConfigurationView> {
    for await (const one of this.owned.all({ tenant, services: [service], environment, name }))
      if (one.isActive && one.effectiveFrom === null && one.effectiveUntil === null) return one;
    throw new ConfigurationNotFound();
  }

  /** By service, name, environment and id, some at a time. */
  async *all(owned: Owned): AsyncIterable<ExportedConfiguration> {
    const known = new Map<SchemaId, Required<SchemaName> | null>();
    for await (const configuration of this.owned.all(owned)) {
      const { schemaId } = configuration;
      if (schemaId !== null && !known.has(schemaId))
        known.set(schemaId, (await this.schemas.of([schemaId])).get(schemaId) ?? null);
      yield { configuration, schema: schemaId === null ? null : (known.get(schemaId) ?? null) };
    }
  }

  /**
   * Makes each configuration of the document, by its scope and window, what the document says.
   * @throws ConfigurationImportRefused, FinalKeyOverridden, EffectiveInvalid
   */
  import(document: ConfigurationDocument): Promise<WorkOutcome<readonly ImportedOutcome[]>> {
    return this.#run(document, (work) => this.configurations.together(work));
  }

  /** What `import` would do. @throws ConfigurationImportRefused, FinalKeyOverridden, EffectiveInvalid */
  rehearse(document: ConfigurationDocument): Promise<WorkOutcome<readonly ImportedOutcome[]>> {
    return this.#run(document, (work) => this.configurations.preview(work));
  }

  #run(
    document: ConfigurationDocument,
    run: (work: ConfigurationWork<ImportedOutcome[]>) => Promise<WorkOutcome<ImportedOutcome[]>>,
  ): Promise<WorkOutcome<readonly ImportedOutcome[]>> {
    const places: Places = new Map();
    return relocating(
      (id, pointer) => places.get(id)?.placeOf(pointer) ?? '',
      () => this.unitOfWork.runInTurn(() => run((writes) => this.#storeAll(document, { writes, places }))),
    );
  }

  async #storeAll(
    document: ConfigurationDocument,
    { writes, places }: { readonly writes: ConfigurationWrites; readonly places: Places },
  ): Promise<ImportedOutcome[]> {
    const services = servicesOf(document);
    for (const service of services) await this.layers.hold(service, document.tenant);
    const { items, violations } = await this.#itemsOf(document);
    const among = document.replaces ?? { services, environment: null, name: null };
    const stored: ConfigurationView[] = [];
    for await (const one of this.owned.all({ ...among, tenant: document.tenant })) stored.push(one);
    const { storedFor, left } = assign(items, stored);
    const storing = new Storing(writes, document.reason);
    if (document.replaces) for (const one of left) await storing.remove(one);
    for (const [item, found] of inOrder(storedFor)) await storing.store(item, found);
    const all = [...violations, ...storing.violations];
    if (all.length > 0) throw new ConfigurationImportRefused(all);
    for (const [{ imported }, { after }] of storing.outcomes) if (after) places.set(after.id, imported);
    return [...items.flatMap((item) => storing.outcomes.get(item) ?? []), ...storing.removed];
  }

  async #itemsOf({ tenant, configurations }: ConfigurationDocument): Promise<{
    readonly items: readonly Item[];
    readonly violations: readonly Violation[];
  }> {
    const found = new Map<string, SchemaId | null>();
    const violations: Violation[] = [];
    const items: Item[] = [];
    for (const imported of configurations) {
      const { schema, pointer } = imported;
      const key = JSON.stringify(schema ?? null);
      if (schema && !found.has(key)) found.set(key, await this.schemas.find(tenant, schema));
      const schemaId = schema ? (found.get(key) ?? null) : schema;
      if (schema && !schemaId) {
        const detail = `There is no schema ${schema.name} ${schema.version}.`;
        violations.push({ pointer: `${pointer}/schema`, code: SCHEMA_UNKNOWN, detail });
      }
      items.push(itemOf(imported, schemaId));
    }
    return { items, violations };
  }
}

/** Stores one after another, and notes what became of each. */
class Storing {
  readonly outcomes = new Map<Item, ImportedOutcome>();
  readonly removed: ImportedOutcome[] = [];
  readonly violations: Violation[] = [];

  constructor(
    private readonly writes: ConfigurationWrites,
    private readonly reason: string | null,
  ) {}

  async remove(stored: ConfigurationView): Promise<void> {
    const before = await this.writes.delete({ id: stored.id, ifVersion: null }, this.reason);
    this.removed.push({ outcome: 'deleted', before, after: null });
  }

  async store(item: Item, found: ConfigurationView | null): Promise<void> {
    try {
      this.outcomes.set(item, await (found ? this.#revise(item, found) : this.#create(item)));
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
      this.violations.push(...item.imported.violationsOf(error));
    }
  }

  async #create({ imported, scope, content }: Item): Promise<ImportedOutcome> {
    const asked = { id: imported.newId, idIsGiven: false, scope, content, reason: this.reason };
    const { state } = await this.writes.create(asked);
    return { outcome: 'created', before: null, after: state };
  }

  async #revise(item: Item, before: ConfigurationView): Promise<ImportedOutcome> {
    const target = { id: before.id, ifVersion: null };
    const after = await this.writes.revise(target, (current) => item.contentFor(current), this.reason);
    return { outcome: after.version === before.version ? 'unchanged' : 'updated', before, after };
  }
}

/** In one order for everybody, so that two imports never wait for each other. */
const servicesOf = ({ configurations }: ConfigurationDocument): ServiceId[] =>
  [...new Set(configurations.map(({ scope }) => scope.service))].sort();

function itemOf(imported: ImportedConfiguration, schemaId: SchemaId | null | undefined): Item {
  const contentFor = (stored: ConfigurationState | null): ConfigurationContent => ({
    ...imported.content(stored),
    schemaId: schemaId === undefined ? (stored?.schemaId ?? null) : schemaId,
  });
  return { imported, scope: imported.scope, content: contentFor(null), contentFor };
}

/** What makes room in time comes before what needs it. */
function inOrder(
  storedFor: ReadonlyMap<Item, ConfigurationView | null>,
): (readonly [Item, ConfigurationView | null])[] {
  const rank = ([item, found]: readonly [Item, ConfigurationView | null]): number =>
    found ? Number(item.contentFor(found).isActive) : 2;
  return [...storedFor].sort((one, other) => rank(one) - rank(other));
}
