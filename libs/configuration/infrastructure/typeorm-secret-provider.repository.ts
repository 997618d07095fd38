import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionedStore } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn, tenantFromColumn } from '#platform/context';
import { Database, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import type { ProviderId } from '../domain/identity.js';
import { DefaultProviderTaken, ProviderAliasTaken } from '../domain/secret-errors.js';
import type { ProviderUser } from '../domain/secret-errors.js';
import { SecretProvider } from '../domain/secret-provider.js';
import type { ProviderAlias } from '../domain/secret-provider.js';
import { SecretProviderRepository } from '../domain/secret-provider.repository.js';
import { SecretProviderCodec, SecretProviderTable } from './secret-provider.table.js';
import { ProviderDirectory } from './secrets/provider-directory.js';

const USERS_MAX = 100;
/** A reference in the values, wherever it stands, and one of the list; to this alias, or to none. */
const IN_VALUES = '$.**."$secret_ref" ? (@.provider == $alias)';
const IN_VALUES_BY_DEFAULT = '$.**."$secret_ref" ? (!exists(@.provider) || @.provider == null)';
const IN_LIST = '$[*] ? (@.provider == $alias)';
const IN_LIST_BY_DEFAULT = '$[*] ? (!exists(@.provider) || @.provider == null)';

@Injectable()
export class TypeOrmSecretProviderRepository extends SecretProviderRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
    private readonly codec: SecretProviderCodec,
    private readonly directory: ProviderDirectory,
  ) {
    super();
  }

  override async find(tenant: string | null, alias: ProviderAlias): Promise<SecretProvider | null> {
    const row = await this.store.lock(SecretProviderTable, { tenant: tenantColumn(tenant), alias });
    if (!row) return null;
    return this.store.watch(SecretProvider.restore(await this.codec.toState(row)), this.codec.mapping);
  }

  override async findDefault(tenant: string | null): Promise<ProviderId | null> {
    const [row] = await this.database.read<{ id: ProviderId }>({
      name: 'secret_provider_default',
      text: 'select id from configuration.secret_provider where tenant = $1 and is_default',
      values: [tenantColumn(tenant)],
    });
    return row?.id ?? null;
  }

  override async isIdUsed(id: ProviderId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  /** A tenant that has one of this alias, or a default one, itself refers to that, not to what is shared. */
  override async usersOf({ snapshot }: SecretProvider): Promise<readonly ProviderUser[]> {
    await this.directory.holdAlone();
    const { tenant, alias, isDefault } = snapshot;
    const refersTo = (inValues: string, inList: string): string =>
      `(jsonb_path_exists(c.document::jsonb, '${inValues}', jsonb_build_object('alias', $1::text))
        or jsonb_path_exists(c.secret_refs::jsonb, '${inList}', jsonb_build_object('alias', $1::text)))`;
    const ofOwner = (isMeant: string): string =>
      `(c.tenant = $2 or $2 = $3 and not exists (
         select from configuration.secret_provider own where own.tenant = c.tenant and ${isMeant}))`;
    const rows = await this.database.read<Omit<ProviderUser, 'tenant'> & { tenant: string }>({
      text: `select c.id, c.tenant, c.service, c.name, c.environment from configuration.configuration c
             where ${ofOwner('own.alias = $1')} and ${refersTo(IN_VALUES, IN_LIST)}
                or $4 and ${ofOwner('own.is_default')} and ${refersTo(IN_VALUES_BY_DEFAULT, IN_LIST_BY_DEFAULT)}
             order by c.tenant, c.service, c.name, c.environment, c.id limit ${USERS_MAX}`,
      values: [alias, tenantColumn(tenant), SHARED_TENANT, isDefault],
    });
    return rows.map(({ tenant: owner, ...user }) => ({ ...user, tenant: tenantFromColumn(owner) }));
  }

  override async save(provider: SecretProvider): Promise<void> {
    try {
      await this.store.save(provider, this.codec.mapping);
    } catch (error) {
      if (isUniqueViolation(error, 'secret_provider_alias'))
        throw new ProviderAliasTaken(provider.snapshot.alias, null);
      if (isUniqueViolation(error, 'secret_provider_default')) throw new DefaultProviderTaken(null);
      if (isUniqueViolation(error, 'secret_provider_pkey')) throw new IdConflict();
      throw error;
    }
  }
}
