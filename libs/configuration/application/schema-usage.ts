import { Injectable } from '@nestjs/common';
import type { Layer } from '../domain/effective/layer.js';
import { BASE } from '../domain/identity.js';
import type { ConfigurationName, EnvironmentName, SchemaId, ServiceId } from '../domain/identity.js';
import { ConfigSchemaRepository } from '../domain/config-schema.repository.js';
import type { JsonObject } from '../domain/json.js';
import { EffectiveQueries } from './effective.queries.js';
import { Layers } from './layers.js';
import { SchemaAdmission } from './schema-admission.js';
import type { AdmittedSchema } from './schema-admission.js';
import type { SchemaViolation } from './schema-validation.js';

/** Documents that are held against a schema at one time. */
export const DOCUMENTS_MAX = 1_000;

/** An effective document that a schema would break. */
export interface BrokenDocument extends UsedDocument {
  readonly errors: readonly SchemaViolation[];
}

/** What came of holding everything in use against a schema. */
export interface UsageReport {
  /** At most 1,000. */
  readonly checked: number;
  /** False where there are more documents than were checked. */
  readonly isComplete: boolean;
  readonly broken: readonly BrokenDocument[];
}

/** An effective document, and the highest layer of it that names the schema. */
interface UsedDocument {
  readonly configurationId: string;
  readonly service: string;
  readonly name: string;
  /** `base` stands for every environment that has no layers of its own. */
  readonly environment: string;
  readonly tenant: string | null;
}

interface Found extends UsedDocument {
  readonly document: JsonObject;
  readonly secretsAt: readonly string[];
}

type Place = Omit<UsedDocument, 'configurationId' | 'service'>;

/** The effective documents of now in which schemas take part. */
@Injectable()
export class SchemaUsage {
  constructor(
    private readonly schemas: ConfigSchemaRepository,
    private readonly layers: Layers,
    private readonly effective: EffectiveQueries,
    private readonly admission: SchemaAdmission,
  ) {}

  /**
   * Which documents that satisfy any of the schemas now break another one; of what the caller sees.
   * @throws SchemaTooExpensive, ValidationBusy
   */
  async holdAgainst(
    tenant: string | null,
    schemaIds: readonly SchemaId[],
    next: AdmittedSchema,
  ): Promise<UsageReport> {
    const { found, isComplete } = await this.#find(schemaIds);
    const results = await this.admission.check(tenant, next, found);
    const broken = found.flatMap(({ document: _, secretsAt: __, ...place }, index) => {
      const errors = results[index] ?? [];
      return errors.length > 0 ? [{ ...place, errors }] : [];
    });
    return { checked: found.length, isComplete, broken };
  }

  /** Stops at the first place that is one too many: nothing more is read then. */
  async #find(schemaIds: readonly SchemaId[]): Promise<{ found: Found[]; isComplete: boolean }> {
    const wanted = new Set<string>(schemaIds);
    const found: Found[] = [];
    for (const service of await this.schemas.servicesUsing(schemaIds)) {
      for (const place of placesOf(await this.layers.ofService(service), wanted)) {
        if (found.length === DOCUMENTS_MAX) return { found, isComplete: false };
        const document = await this.#documentAt(service, place, wanted);
        if (document) found.push(document);
      }
    }
    return { found, isComplete: true };
  }

  async #documentAt(service: ServiceId, place: Place, schemaIds: ReadonlySet<string>): Promise<Found | null> {
    const { documents } = await this.effective.effective({
      service,
      environment: place.environment as EnvironmentName,
      tenant: place.tenant,
      name: place.name as ConfigurationName,
      at: null,
    });
    const layer = documents.layers.findLast(
      ({ name, schemaId }) => name === place.name && schemaId !== null && schemaIds.has(schemaId),
    );
    const document = documents.values[place.name];
    if (!layer || !document) return null;
    const secrets = [...documents.secrets, ...documents.secretTexts];
    const secretsAt = secrets.filter(({ name }) => name === place.name).map(({ pointer }) => pointer);
    return { ...place, service, configurationId: layer.configurationId, document, secretsAt };
  }
}

/** Where such a layer takes part: for the tenants and in the environments that have layers of their own of its name. */
function placesOf(layers: readonly Layer[], schemaIds: ReadonlySet<string>): Place[] {
  const places = new Map<string, Place>();
  for (const used of layers) {
    if (used.schemaId === null || !schemaIds.has(used.schemaId)) continue;
    const beside = layers.filter(({ name }) => name === used.name);
    const tenants = used.tenant === null ? [null, ...beside.map(({ tenant }) => tenant)] : [used.tenant];
    const environments =
      used.environment === BASE
        ? [BASE, ...beside.map(({ environment }) => environment)]
        : [used.environment];
    for (const tenant of tenants) {
      for (const environment of environments) {
        const place = { tenant, environment, name: used.name };
        places.set(JSON.stringify(place), place);
      }
    }
  }
  return [...places.values()];
}
