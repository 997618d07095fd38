import { Injectable } from '@nestjs/common';
import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantColumn, tenantFromColumn } from '#platform/context';
import { Envelope } from '#platform/crypto';
import type { SealedPlace } from '#platform/crypto';
import type { SecretProviderView } from '../application/secret-provider.queries.js';
import type { ProviderId } from '../domain/identity.js';
import type { ProviderAlias, ProviderState } from '../domain/secret-provider.js';
import type {
  ProviderCredentials,
  ProviderKind,
  ProviderSettings,
} from '../domain/secret-provider-settings.js';

export const PROVIDER_TYPE = 'configuration.secret_provider';

/** A provider as it is stored. */
export interface SecretProviderRow extends StoredRow {
  readonly alias: string;
  readonly kind: ProviderKind;
  readonly settings: ProviderSettings;
  /** Sealed JSON; null where the provider needs none. */
  readonly credentials: string | null;
  readonly pathPrefixes: string[];
  readonly isDefault: boolean;
  readonly description: string | null;
}

export const SecretProviderTable = new EntitySchema<SecretProviderRow>({
  name: 'SecretProvider',
  schema: 'configuration',
  tableName: 'secret_provider',
  columns: {
    ...storedColumns,
    alias: { type: 'text' },
    kind: { type: 'text' },
    settings: { type: 'json' },
    credentials: { type: 'text', nullable: true },
    pathPrefixes: { name: 'path_prefixes', type: 'text', array: true },
    isDefault: { name: 'is_default', type: 'boolean' },
    description: { type: 'text', nullable: true },
  },
});

/** Every column that may be shown, of the table called `t`. */
export const PROVIDER_COLUMNS =
  'id, tenant, version, alias, kind, settings, path_prefixes, is_default, description, created_at, created_by, updated_at, updated_by'.replaceAll(
    /\w+/g,
    't.$&',
  );

/** The same by column name: what statements of our own give, and what the change log keeps. */
export interface SecretProviderRecord {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly alias: string;
  readonly kind: ProviderKind;
  readonly settings: ProviderSettings;
  readonly path_prefixes: readonly string[];
  readonly is_default: boolean;
  readonly description: string | null;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

/** As it is shown. */
export function toProviderView(record: SecretProviderRecord): SecretProviderView {
  return {
    id: record.id,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    alias: record.alias,
    settings: record.settings,
    pathPrefixes: record.path_prefixes,
    isDefault: record.is_default,
    description: record.description,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
  };
}

/** Between what is stored and what is worked with: seals credentials on the way in, opens them on the way out. */
@Injectable()
export class SecretProviderCodec {
  readonly mapping: Mapping<ProviderState, SecretProviderRow> = {
    table: SecretProviderTable,
    hidden: ['credentials'],
    aggregateType: PROVIDER_TYPE,
    subject: ({ alias }) => alias,
    toRow: async ({ alias, settings, pathPrefixes, isDefault, description, ...state }, version) => {
      const place = placeOf({ ...state, tenant: tenantColumn(state.tenant), version });
      return {
        alias,
        kind: settings.kind,
        settings,
        credentials: await this.#seal(state.credentials, place),
        pathPrefixes: [...pathPrefixes],
        isDefault,
        description,
      };
    },
  };

  constructor(private readonly envelope: Envelope) {}

  /** What was checked on its way in is trusted on its way out. */
  async toState(row: SecretProviderRow): Promise<ProviderState> {
    const { createdAt, createdBy, updatedAt, updatedBy } = row;
    return {
      id: row.id as ProviderId,
      tenant: tenantFromColumn(row.tenant),
      version: row.version,
      alias: row.alias as ProviderAlias,
      settings: row.settings,
      credentials: await this.credentialsOf(row),
      pathPrefixes: row.pathPrefixes,
      isDefault: row.isDefault,
      description: row.description,
      stamp: { createdAt, createdBy, updatedAt, updatedBy },
    };
  }

  async credentialsOf(
    row: Pick<SecretProviderRow, 'id' | 'tenant' | 'version' | 'credentials'>,
  ): Promise<ProviderCredentials> {
    if (row.credentials === null) return {};
    return JSON.parse(
      (await this.envelope.open(row.credentials, placeOf(row))).toString(),
    ) as ProviderCredentials;
  }

  async #seal(credentials: ProviderCredentials, place: SealedPlace): Promise<string | null> {
    if (Object.keys(credentials).length === 0) return null;
    return this.envelope.seal(JSON.stringify(credentials), place);
  }
}

const placeOf = ({
  id,
  tenant,
  version,
}: Pick<SecretProviderRow, 'id' | 'tenant' | 'version'>): SealedPlace => ({
  tenant,
  entry: id,
  version,
  contentType: 'json',
});
