import { Injectable } from '@nestjs/common';
import { SHARED_TENANT } from '#platform/context';
import { Database } from '#platform/database';
import { FacetQueries } from '../application/facet.queries.js';
import type { Facet, FacetCount, FacetCounts, FacetField } from '../application/facet.queries.js';
import type { ResourceFilter } from '../application/resource.queries.js';
import { HEALTH_NOW, resourceConditions } from './resource-conditions.js';

const VALUES_MAX = 1_000;
/** Of a resource called `t`. */
const VALUE_OF: Readonly<Record<FacetField, string>> = {
  type: 't.type',
  namespace: 't.namespace',
  environment: 't.environment',
  lifecycle_status: 't.lifecycle_status',
  owner_team_id: 't.owner_team_id::text',
  health: HEALTH_NOW,
  orphan: 't.orphan',
};

@Injectable()
export class SqlFacetQueries extends FacetQueries {
  constructor(private readonly database: Database) {
    super();
  }

  /** Looks at every resource that the filter leaves, once; tenant by tenant, because then indexes are known to be of use. */
  override async count(facet: Facet, filter: ResourceFilter): Promise<FacetCounts> {
    const where = resourceConditions(filter);
    const { tenant } = filter;
    const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
    const value = 'field' in facet ? VALUE_OF[facet.field] : `t.labels ->> ${where.bind(facet.label)}::text`;
    const parts = tenants.map(
      (owner) =>
        `select ${value} as value from catalog.resource t where t.tenant = ${where.bind(owner)} and ${where.text}`,
    );
    const counts = await this.database.read<FacetCount>({
      text: `select value, count(*)::int as count
             from (${parts.join(' union all ')}) as v
             group by value order by count(*) desc, value limit ${VALUES_MAX + 1}`,
      values: where.values,
    });
    return { counts: counts.slice(0, VALUES_MAX), isTruncated: counts.length > VALUES_MAX };
  }
}
