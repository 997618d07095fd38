import { DomainError } from '#shared-kernel';
import type { ErrorFacts, Violation } from '#shared-kernel';
import type { Compatibility } from './config-schema.js';

/** There is no such schema, or not for this caller. */
export class SchemaNotFound extends DomainError {
  readonly kind = 'not-found';
  readonly code = 'schema_not_found';
  constructor() {
    super('There is no such schema.');
  }
}

/** A configuration names a schema that is not there, or belongs to somebody else. */
export class SchemaUnknown extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'schema_unknown';
  override readonly facts: ErrorFacts = {
    errors: [{ pointer: '/schema_id', code: 'schema_unknown', detail: 'There is no such schema.' }],
  };

  constructor() {
    super('There is no such schema: it is one of the same tenant, or a shared one.');
  }
}

/** Another schema of the same tenant and name has this version. */
export class SchemaVersionTaken extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'schema_version_taken';
  override readonly facts: ErrorFacts;

  constructor(
    readonly tenant: string | null,
    readonly schema: string,
    readonly schemaVersion: string,
    conflictingId: string | null,
  ) {
    super(`The schema "${schema}" has a version ${schemaVersion} already.`);
    this.facts = conflictingId === null ? {} : { conflicting_id: conflictingId };
  }
}

/** The versions of a schema only go up. */
export class SchemaVersionNotNewer extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'schema_version_not_newer';
  override readonly facts: ErrorFacts;

  constructor(schema: string, newest: string) {
    super(`The newest version of the schema "${schema}" is ${newest}: the next one has to come after it.`);
    this.facts = { newest };
  }
}

/** A newer version breaks what the newest one promises. */
export class SchemaIncompatible extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'schema_incompatible';
  override readonly facts: ErrorFacts;

  constructor(mode: Compatibility, against: string, violations: readonly Violation[]) {
    super(`It is not ${mode} compatible with version ${against}.`);
    this.facts = { mode, against, errors: violations };
  }
}

/** Something that needs a schema. */
export interface SchemaUser {
  readonly kind: 'configuration' | 'schema';
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  readonly tenant: string | null;
}

/** Configurations name the schema, or other schemas refer to it. */
export class SchemaInUse extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'schema_in_use';
  override readonly facts: ErrorFacts;

  constructor(users: readonly SchemaUser[]) {
    super('The schema is in use.');
    this.facts = {
      used_by: users.map(({ kind, id, name, tenant }) => ({ type: kind, id, name, tenant_id: tenant })),
    };
  }
}
