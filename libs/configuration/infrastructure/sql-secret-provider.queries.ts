import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '#shared-kernel';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, Database, KeysetLists } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { SecretProviderQueries } from '../application/secret-provider.queries.js';
import type { SecretProviderView } from '../application/secret-provider.queries.js';
import { SecretProviderNotFound } from '../domain/secret-errors.js';
import type { ProviderAlias } from '../domain/secret-provider.js';
import { PROVIDER_COLUMNS, toProviderView } from './secret-provider.table.js';
import type { SecretProviderRecord } from './secret-provider.table.js';

const PROVIDERS: ListDefinition = {
  name: 'secret-providers',
  table: 'configuration.secret_provider',
  columns: PROVIDER_COLUMNS,
  sorts: {
    alias: { column: 'alias', type: 'text' },
    created_at: { column: 'created_at', type: 'timestamptz' },
    updated_at: { column: 'updated_at', type: 'timestamptz' },
  },
  defaultSort: 'alias',
};

@Injectable()
export class SqlSecretProviderQueries extends SecretProviderQueries {
  constructor(
    private readonly database: Database,
    private readonly lists: KeysetLists,
  ) {
    super();
  }

  override async byAlias(tenant: string | null, alias: ProviderAlias): Promise<SecretProviderView> {
    const [record] = await this.database.read<SecretProviderRecord>({
      name: 'secret_provider_by_alias',
      text: `select ${PROVIDER_COLUMNS} from configuration.secret_provider t
             where t.tenant in ($1, $2) and t.alias = $3 order by t.tenant = $2 limit 1`,
      values: [tenantColumn(tenant), SHARED_TENANT, alias],
    });
    if (!record) throw new SecretProviderNotFound();
    return toProviderView(record);
  }

  override async page(tenant: string | null, request: PageRequest): Promise<Page<SecretProviderView>> {
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const where = new Conditions();
    const page = await this.lists.page<SecretProviderRecord>(PROVIDERS, { ...request, tenants, where });
    return { ...page, items: page.items.map(toProviderView) };
  }
}
