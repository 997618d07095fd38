import { AggregateRoot, InvalidInput, lengthOf } from '#shared-kernel';
import type { Stamp } from '#shared-kernel';
import type { SchemaId } from './identity.js';
import { NAME, NAME_LENGTH_MAX } from './identity.js';
import type { JsonValue } from './json.js';
import { isNewer, schemaVersion } from './config-schema-version.js';
import type { SchemaVersion } from './config-schema-version.js';

/** What a newer version promises: none, that documents of the old one fit the new one, the other way round, or both. */
export const COMPATIBILITIES = ['none', 'backward', 'forward', 'full'] as const;
export type Compatibility = (typeof COMPATIBILITIES)[number];

/** A schema that another one refers to: bound when it is stored, so that what it means never changes. */
export interface SchemaReference {
  readonly name: string;
  readonly version: string;
  readonly id: SchemaId;
}

/** What is said of a schema. */
export interface SchemaContent {
  readonly jsonSchema: JsonValue;
  readonly compatibility: Compatibility;
  readonly description: string | null;
}

/** Everything there is to know about one version of a schema. */
export interface ConfigSchemaState extends SchemaContent {
  readonly id: SchemaId;
  readonly tenant: string | null;
  /** Of the row: 1, because nothing of it ever changes. */
  readonly version: number;
  readonly stamp: Stamp | null;
  /** 1..100, as configurations are named. */
  readonly name: string;
  readonly schemaVersion: SchemaVersion;
  readonly references: readonly SchemaReference[];
}

/** One version of a schema, by what it is called. */
export type VersionLabel = Pick<ConfigSchemaState, 'id' | 'schemaVersion' | 'compatibility'>;

/** The one that comes after all others; null where there are none. */
export const newestOf = (versions: readonly VersionLabel[]): VersionLabel | null =>
  versions.reduce<VersionLabel | null>(
    (newest, version) =>
      newest === null || isNewer(version.schemaVersion, newest.schemaVersion) ? version : newest,
    null,
  );

export const DESCRIPTION_LENGTH_MAX = 1_000;

/** One version of a schema. It never changes: what is to be otherwise is a newer version. */
export class ConfigSchema extends AggregateRoot<ConfigSchemaState> {
  /** @throws InvalidInput */
  static create(
    state: Omit<ConfigSchemaState, 'version' | 'stamp' | 'schemaVersion'> & {
      readonly schemaVersion: string;
    },
    reason: string | null = null,
  ): ConfigSchema {
    const schema = new ConfigSchema({
      ...state,
      version: 0,
      stamp: null,
      name: schemaName(state.name),
      schemaVersion: schemaVersion(state.schemaVersion),
      description: checkedDescription(state.description),
    });
    schema.record('created', { reason });
    return schema;
  }

  /** Rebuilds a stored schema; for repositories and tests alone. */
  static restore(state: ConfigSchemaState): ConfigSchema {
    return new ConfigSchema(state);
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

/** @throws InvalidInput */
export function schemaName(text: string): string {
  if (isSchemaName(text)) return text;
  throw InvalidInput.at(
    '/name',
    'pattern',
    `It starts with a letter and has 1 to ${NAME_LENGTH_MAX} of a-z 0-9 -`,
  );
}

export const isSchemaName = (text: string): boolean => text.length <= NAME_LENGTH_MAX && NAME.test(text);

function checkedDescription(description: string | null): string | null {
  if (description !== null && lengthOf(description) > DESCRIPTION_LENGTH_MAX) {
    throw InvalidInput.at(
      '/description',
      'too_long',
      `A description has at most ${DESCRIPTION_LENGTH_MAX} characters.`,
    );
  }
  return description;
}
