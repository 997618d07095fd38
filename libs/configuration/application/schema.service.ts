import { Injectable } from '@nestjs/common';
import { IdConflict, sameJson, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion, Violation } from '#shared-kernel';
import { ConfigSchema, newestOf } from '../domain/config-schema.js';
import type { Compatibility, ConfigSchemaState, VersionLabel } from '../domain/config-schema.js';
import { ConfigSchemaRepository } from '../domain/config-schema.repository.js';
import { isNewer, schemaVersion } from '../domain/config-schema-version.js';
import type { SchemaId } from '../domain/identity.js';
import type { JsonValue } from '../domain/json.js';
import { objectionsTo } from '../domain/schema-compatibility.js';
import {
  SchemaIncompatible,
  SchemaInUse,
  SchemaNotFound,
  SchemaVersionNotNewer,
  SchemaVersionTaken,
} from '../domain/schema-errors.js';

import { SchemaAdmission } from './schema-admission.js';
import type { AdmittedSchema } from './schema-admission.js';

/** A schema that is to be stored. */
export interface NewSchema {
  readonly id: SchemaId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly name: string;
  readonly version: string;
  readonly jsonSchema: JsonValue;
  readonly description: string | null;
  /** Null is as the newest version has it, and none for the first. */
  readonly compatibility: Compatibility | null;
  readonly reason: string | null;
}

/** What became of a request to store a schema. */
export interface StoredSchema {
  readonly state: ConfigSchemaState;
  readonly outcome: 'created' | 'unchanged';
}

/** A schema that might become the next version. */
export interface NextSchema {
  readonly tenant: string | null;
  readonly name: string;
  readonly jsonSchema: JsonValue;
  /** Null is as the version has it that it is compared with. */
  readonly mode: Compatibility | null;
  /** Null is the newest. */
  readonly against: string | null;
}

/** How a schema goes with a stored version. */
export interface CompatibilityReport {
  readonly mode: Compatibility;
  readonly against: ConfigSchemaState;
  readonly errors: readonly Violation[];
  readonly next: AdmittedSchema;
}

/** Everything that changes schemas, or asks what a change would do. */
@Injectable()
export class SchemaService {
  constructor(
    private readonly schemas: ConfigSchemaRepository,
    private readonly admission: SchemaAdmission,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * A version of a name that is there already keeps what the newest promises, unless that is nothing. The same id with
   * the same content again is no conflict: the stored schema is the answer.
   * @throws SchemaRefused, SchemaTooExpensive, ValidationBusy, SchemaVersionTaken, SchemaVersionNotNewer,
   * SchemaIncompatible, IdConflict
   */
  create(request: NewSchema): Promise<StoredSchema> {
    return this.#store(request, (newest) => newest !== null && newest.compatibility !== 'none');
  }

  /**
   * The next version of a name of the tenant's own.
   * @throws SchemaNotFound when there is none yet, and whatever `create` throws
   */
  addVersion(request: NewSchema): Promise<StoredSchema> {
    return this.#store(request, (newest) => {
      if (newest === null) throw new SchemaNotFound();
      return true;
    });
  }

  /** @throws SchemaNotFound, StaleVersion, SchemaInUse */
  async delete(id: SchemaId, ifVersion: ExpectedVersion, reason: string | null): Promise<void> {
    await this.unitOfWork.run(async () => {
      const schema = await this.schemas.claim(id);
      schema.expectVersion(ifVersion);
      const users = await this.schemas.usersOf(schema.snapshot);
      if (users.length > 0) throw new SchemaInUse(users);
      schema.delete(reason);
      await this.schemas.save(schema);
    });
  }

  /**
   * How it would go as the next version; the tenant's own versions, else the shared ones.
   * @throws SchemaNotFound, SchemaRefused, SchemaTooExpensive, ValidationBusy
   */
  async compare({ tenant, name, jsonSchema, mode, against }: NextSchema): Promise<CompatibilityReport> {
    const own = await this.schemas.versions(tenant, name);
    const versions = own.length > 0 || tenant === null ? own : await this.schemas.versions(null, name);
    const label =
      against === null
        ? newestOf(versions)
        : (versions.find((version) => version.schemaVersion === against) ?? null);
    if (!label) throw new SchemaNotFound();
    const next = await this.admission.admit(tenant, jsonSchema);
    const older = await this.schemas.stored(label.id);
    const chosen = mode ?? older.compatibility;
    const errors = objectionsTo(await this.admission.documentOf(older), next.document, chosen);
    return { mode: chosen, against: older, errors, next };
  }

  async #store(request: NewSchema, isNext: (newest: VersionLabel | null) => boolean): Promise<StoredSchema> {
    const admitted = await this.admission.admit(request.tenant, request.jsonSchema);
    return this.unitOfWork.run(async () => {
      if (request.idIsGiven && (await this.schemas.isIdUsed(request.id))) return this.#repeat(request);
      const versions = await this.schemas.claimVersions(request.tenant, request.name);
      const taken = versions.find((version) => version.schemaVersion === request.version);
      if (taken) {
        throw new SchemaVersionTaken(request.tenant, request.name, request.version, taken.id);
      }
      const newest = newestOf(versions);
      if (isNext(newest) && newest) await this.#expectNext(newest, admitted, request);
      await this.#expectReferences(admitted, request);
      const { id, tenant, name, version, jsonSchema, description, reason } = request;
      const compatibility = request.compatibility ?? newest?.compatibility ?? 'none';
      const { references } = admitted;
      const schema = ConfigSchema.create(
        { id, tenant, name, schemaVersion: version, jsonSchema, description, compatibility, references },
        reason,
      );
      await this.schemas.save(schema);
      return { state: schema.snapshot, outcome: 'created' };
    });
  }

  async #expectNext(newest: VersionLabel, admitted: AdmittedSchema, request: NewSchema): Promise<void> {
    if (!isNewer(schemaVersion(request.version), newest.schemaVersion)) {
      throw new SchemaVersionNotNewer(request.name, newest.schemaVersion);
    }
    const mode = request.compatibility ?? newest.compatibility;
    if (mode === 'none') return;
    const older = await this.admission.documentOf(await this.schemas.stored(newest.id));
    const objections = objectionsTo(older, admitted.document, mode);
    if (objections.length > 0) throw new SchemaIncompatible(mode, newest.schemaVersion, objections);
  }

  /** What it refers to may have been deleted since it was admitted; then it is refused as if it had never been. */
  async #expectReferences({ references }: AdmittedSchema, { tenant, jsonSchema }: NewSchema): Promise<void> {
    const held = await this.schemas.hold(references.map(({ id }) => id));
    if (held.length < references.length) await this.admission.admit(tenant, jsonSchema);
  }

  /** @throws IdConflict */
  async #repeat(request: NewSchema): Promise<StoredSchema> {
    const state = await this.#storedOrNull(request.id);
    const { tenant, name, version, jsonSchema, description, compatibility } = request;
    const isSame =
      state !== null &&
      state.tenant === tenant &&
      state.name === name &&
      state.schemaVersion === version &&
      state.description === description &&
      (compatibility === null || state.compatibility === compatibility) &&
      sameJson(state.jsonSchema, jsonSchema);
    if (!isSame) throw new IdConflict();
    return { state, outcome: 'unchanged' };
  }

  async #storedOrNull(id: SchemaId): Promise<ConfigSchemaState | null> {
    try {
      return await this.schemas.stored(id);
    } catch (error) {
      if (error instanceof SchemaNotFound) return null;
      throw error;
    }
  }
}
