import { EntitySchema } from 'typeorm';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import type { ApiKeyState } from './api-key.js';
import type { Role } from './permissions.js';

/** A key as it is stored. */
export interface ApiKeyRow extends StoredRow {
  readonly tokenId: string;
  readonly secretHash: Buffer;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export const ApiKeyTable = new EntitySchema<ApiKeyRow>({
  name: 'ApiKey',
  schema: 'platform',
  tableName: 'api_key',
  columns: {
    ...storedColumns,
    tokenId: { name: 'token_id', type: 'text' },
    secretHash: { name: 'secret_hash', type: 'bytea' },
    name: { type: 'text' },
    role: { type: 'text' },
    expiresAt: { name: 'expires_at', type: 'timestamptz', precision: 3, nullable: true },
    revokedAt: { name: 'revoked_at', type: 'timestamptz', precision: 3, nullable: true },
  },
});

export const apiKeyMapping: Mapping<ApiKeyState, ApiKeyRow> = {
  table: ApiKeyTable,
  aggregateType: 'platform.api_key',
  hidden: ['secretHash'],
  toRow: ({ tokenId, secretHash, name, role, expiresAt, revokedAt }) => ({
    tokenId,
    secretHash,
    name,
    role,
    expiresAt,
    revokedAt,
  }),
  subject: (state) => state.tokenId,
};

/** What was checked on its way in is trusted on its way out. */
export function toApiKeyState(row: ApiKeyRow): ApiKeyState {
  const { createdAt, createdBy, updatedAt, updatedBy, ...key } = row;
  return { ...key, stamp: { createdAt, createdBy, updatedAt, updatedBy } };
}
