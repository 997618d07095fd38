import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '#shared-kernel';
import { VersionedStore } from '#platform/change-log';
import { Database } from '#platform/database';
import { hashSecret, mintApiKey, parseApiKey } from './api-key-token.js';
import { ApiKey, ApiKeyNotFound, isActive, PLATFORM_WIDE } from './api-key.js';
import type { ApiKeyState } from './api-key.js';
import { apiKeyMapping, ApiKeyTable, toApiKeyState } from './api-key.table.js';
import type { Role } from './permissions.js';

/** A key that is to be made. */
export interface ApiKeyRequest {
  readonly name: string;
  readonly role: Role;
  /** Null: platform-wide. */
  readonly tenant: string | null;
  readonly expiresAt: Date | null;
}

/** Everything that is done with keys: make, revoke, find. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly clock: Clock,
  ) {}

  /** Gives the token, which is shown this once and stored nowhere. */
  async create(request: ApiKeyRequest): Promise<{ token: string; key: ApiKeyState }> {
    const { id, token, secretHash } = mintApiKey();
    return { token, key: await this.#add({ ...request, tokenId: id, secretHash }) };
  }

  /** Makes sure that this token opens everything; gives false when it did already. */
  async ensureAdministrator(token: string): Promise<boolean> {
    const parsed = parseApiKey(token);
    if (!parsed) throw new Error('The token is not one of ours.');
    return this.database.run(async () => {
      if (await this.find(parsed.id)) return false;
      const secretHash = hashSecret(parsed.secret);
      await this.#add({
        name: 'bootstrap',
        role: 'admin',
        tenant: null,
        expiresAt: null,
        tokenId: parsed.id,
        secretHash,
      });
      return true;
    });
  }

  /** @throws ApiKeyNotFound */
  async revoke(tokenId: string): Promise<ApiKeyState> {
    return this.database.run(async () => {
      const state = await this.find(tokenId);
      if (!state) throw new ApiKeyNotFound(tokenId);
      const key = ApiKey.restore(state);
      key.revoke(this.clock.now());
      await this.store.save(key, apiKeyMapping);
      return key.snapshot;
    });
  }

  /** Oldest first. */
  async list(): Promise<ApiKeyState[]> {
    return this.database.run(async () => {
      const rows = await this.database.manager.find(ApiKeyTable, { order: { id: 'ASC' } });
      return rows.map(toApiKeyState);
    });
  }

  async find(tokenId: string): Promise<ApiKeyState | null> {
    return this.database.run(async () => {
      const row = await this.database.manager.findOneBy(ApiKeyTable, { tokenId });
      return row && toApiKeyState(row);
    });
  }

  /** True when somebody can administer this installation with a key. */
  async hasAdministrator(): Promise<boolean> {
    const now = this.clock.now();
    return (await this.list()).some(
      (key) => key.role === 'admin' && key.tenant === PLATFORM_WIDE && isActive(key, now),
    );
  }

  async #add(request: ApiKeyRequest & Pick<ApiKeyState, 'tokenId' | 'secretHash'>): Promise<ApiKeyState> {
    const key = ApiKey.create({ ...request, id: uuidv7(), tenant: request.tenant ?? PLATFORM_WIDE });
    await this.database.run(() => this.store.save(key, apiKeyMapping));
    return key.snapshot;
  }
}
