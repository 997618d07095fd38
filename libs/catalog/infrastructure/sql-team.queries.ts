import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT, tenantColumn } from '#platform/context';
import { Conditions, containsPattern, KeysetLists, whereLabelsMatch } from '#platform/database';
import type { ListDefinition } from '#platform/database';
import { TeamQueries } from '../application/team.queries.js';
import type { Possession, TeamFilter, TeamView } from '../application/team.queries.js';
import type { TeamId } from '../domain/identity.js';
import { TeamNotFound } from '../domain/team-errors.js';
import { TEAM_COLUMNS, TEAM_TYPE, toTeamView } from './team.table.js';
import type { TeamRecord } from './team.table.js';

/** Three tables of one shape; the team that is looked for reaches the index of each. */
const POSSESSIONS: ListDefinition = {
  name: 'catalog-team-possessions',
  table: `(
    select 'environment' as kind, id, tenant, owner_team_id as team_id, name, key, tier as type, null::text as environment
    from catalog.environment
    union all
    select 'resource', id, tenant, owner_team_id, name, namespace, type, environment from catalog.resource
    union all
    select 'team', id, tenant, parent_team_id, name, slug, null, null from catalog.team
  )`,
  columns: 't.kind, t.id, t.name, t.key, t.type, t.environment',
  sorts: { kind: { column: 'kind', type: 'text' }, name: { column: 'name', type: 'text' } },
  defaultSort: 'kind,name',
};

@Injectable()
export class SqlTeamQueries extends TeamQueries {
  readonly #views: StoredViews<TeamRecord, TeamView>;

  constructor(
    views: StoredViewFactory,
    private readonly lists: KeysetLists,
  ) {
    super();
    this.#views = views.of<TeamRecord, TeamView>({
      aggregateType: TEAM_TYPE,
      list: {
        name: 'catalog-teams',
        table: 'catalog.team',
        columns: TEAM_COLUMNS,
        sorts: {
          name: { column: 'name', type: 'text' },
          slug: { column: 'slug', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
      },
      toView: toTeamView,
      notFound: () => new TeamNotFound(),
    });
  }

  override get(id: TeamId): Promise<TeamView> {
    return this.#views.get(id);
  }

  override asOf(id: TeamId, at: Date): Promise<TeamView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: TeamFilter, request: PageRequest): Promise<Page<TeamView>> {
    return this.#views.page(filter.tenant, whereTeam(filter), request);
  }

  override async owned(id: TeamId, request: PageRequest): Promise<Page<Possession>> {
    const { tenant } = await this.#views.get(id);
    const where = new Conditions().and('t.team_id = ?', id);
    return this.lists.page<Possession>(POSSESSIONS, { ...request, tenants: [tenantColumn(tenant)], where });
  }

  override versions(id: TeamId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: TeamId, version: number): Promise<PastStateOf<TeamView>> {
    return this.#views.version(id, version);
  }
}

function whereTeam(filter: TeamFilter): Conditions {
  const { tenant, companyIds, parentIds, isRoot, slugs, memberIds, selector, q, updatedSince } = filter;
  const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
  return new Conditions()
    .when(companyIds, (where, ids) => where.and('t.company_id = any (?)', ids))
    .when(parentIds, (where, ids) => where.and('t.parent_team_id = any (?)', ids))
    .when(isRoot, (where, is) => where.raw(`t.parent_team_id is ${is ? '' : 'not '}null`))
    .when(slugs, (where, any) => where.and('t.slug = any (?)', any))
    .when(memberIds, (where, ids) =>
      where.and('t.id in (select team_id from catalog.membership where user_id = any (?))', ids),
    )
    .when(selector, whereLabelsMatch)
    .when(updatedSince, (where, since) => where.and('t.updated_at >= ?', since))
    .when(q, (where, text) =>
      where.and('t.id in (select catalog.search_team(?, ?))', tenants, containsPattern(text)),
    );
}
