import { Injectable } from '@nestjs/common';
import { SHARED_TENANT } from '#platform/context';
import { Database } from '#platform/database';
import { discoveredIn } from '../application/discovered.js';
import { DiscoveryQueries } from '../application/discovery.queries.js';
import type { Discovered, DiscoveryQuestion } from '../application/discovery.queries.js';
import { resourceConditions } from './resource-conditions.js';
import { RESOURCE_COLUMNS, toResourceView } from './resource.table.js';
import type { ResourceRecord } from './resource.table.js';

/** So many resources of one name are looked at. */
const RESOURCES_MAX = 1_000;

@Injectable()
export class SqlDiscoveryQueries extends DiscoveryQueries {
  constructor(private readonly database: Database) {
    super();
  }

  override async find(question: DiscoveryQuestion): Promise<Discovered> {
    const { name, tenant, ...wanted } = question;
    const where = resourceConditions({ ...wanted, tenant, names: [name] });
    const tenants = where.bind(tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT]);
    const records = await this.database.read<ResourceRecord>({
      text: `select ${RESOURCE_COLUMNS} from catalog.resource t
             where t.tenant = any (${tenants}) and t.lifecycle_status <> all ('{planned,retired}') and ${where.text}
             order by t.namespace, t.type, coalesce(t.environment, ''), t.id limit ${RESOURCES_MAX + 1}`,
      values: where.values,
    });
    const resources = records.slice(0, RESOURCES_MAX).map(toResourceView);
    return { ...discoveredIn(resources, question), isTruncated: records.length > RESOURCES_MAX };
  }
}
