import { Injectable } from '@nestjs/common';
import { Database } from '#platform/database';
import { CatalogExportQueries } from '../application/catalog-export.queries.js';
import type { ExportedPart } from '../application/catalog-export.queries.js';
import { asStored, refsOf } from '../domain/backstage/exported.js';
import type { Stored, StoredName } from '../domain/backstage/exported.js';
import type { Entity } from '../domain/backstage/entity.js';

const AT_ONCE = 500;

/** Of everything in the company what gives it its name: little, because references lead anywhere. */
const NAMES = `
  select u.id, 'user' as is, d.source, d.entity ->> 'kind' as kind, d.ref, null as namespace, null as type, u.email as name,
    null as environment
  from catalog.person u left join catalog.descriptor d on d.user_id = u.id where u.company_id = $1
  union all
  select t.id, 'team', d.source, d.entity ->> 'kind', d.ref, null, null, t.slug, null
  from catalog.team t left join catalog.descriptor d on d.team_id = t.id where t.company_id = $1
  union all
  select r.id, 'resource', d.source, d.entity ->> 'kind', d.ref, r.namespace, r.type, r.name, r.environment
  from catalog.resource r left join catalog.descriptor d on d.resource_id = r.id where r.company_id = $1`;

const USERS = `
  select json_build_object('is', 'user', 'id', u.id, 'name', u.name, 'email', u.email, 'active', u.active,
    'labels', u.labels, 'teams', u.teams, 'entity', d.entity, 'dangling', d.dangling) as stored
  from catalog.person u left join catalog.descriptor d on d.user_id = u.id where u.id = any ($1)`;

const TEAMS = `
  select json_build_object('is', 'team', 'id', t.id, 'name', t.name, 'slug', t.slug, 'description', t.description,
    'email', t.email, 'labels', t.labels, 'parent', t.parent_team_id, 'members', t.members,
    'children', array(select c.id from catalog.team c where c.parent_team_id = t.id),
    'entity', d.entity, 'dangling', d.dangling) as stored
  from catalog.team t left join catalog.descriptor d on d.team_id = t.id where t.id = any ($1)`;

const RESOURCES = `
  select json_build_object('is', 'resource', 'id', t.id, 'namespace', t.namespace, 'name', t.name, 'type', t.type,
    'environment', t.environment, 'lifecycleStatus', t.lifecycle_status, 'description', t.description,
    'owner', t.owner_team_id, 'labels', t.labels, 'annotations', t.annotations, 'links', t.links,
    'endpoints', t.endpoints, 'ttlSeconds', t.ttl_seconds,
    'relations', (select coalesce(json_agg(json_build_object('type', l.type, 'to', l.to_id)), '[]')
      from catalog.relation l where l.from_id = t.id),
    'dependents', array(select l.from_id from catalog.relation l where l.to_id = t.id and l.type = 'depends_on'),
    'entity', d.entity, 'dangling', d.dangling) as stored
  from catalog.resource t left join catalog.descriptor d on d.resource_id = t.id where t.id = any ($1)`;

const TEXTS = { user: USERS, team: TEAMS, resource: RESOURCES };

@Injectable()
export class SqlCatalogExportQueries extends CatalogExportQueries {
  constructor(private readonly database: Database) {
    super();
  }

  override async *entities({ companyId, source }: ExportedPart): AsyncGenerator<Entity> {
    const all = await this.database.read<StoredName>({
      name: 'catalog_export_names',
      text: NAMES,
      values: [companyId],
    });
    const names = refsOf(all);
    const wanted = all.filter((name) => source === null || name.source === source);
    for (const is of ['resource', 'team', 'user'] as const) {
      const ids = wanted.filter((name) => name.is === is).map(({ id }) => id);
      const inOrder = ids.sort((one, other) => (names.refOf(one) < names.refOf(other) ? -1 : 1));
      for (let from = 0; from < inOrder.length; from += AT_ONCE) {
        const some = inOrder.slice(from, from + AT_ONCE);
        const rows = await this.#read(is, some);
        for (const id of some) {
          const stored = rows.get(id);
          if (stored) yield asStored(stored, names); // One that went meanwhile is left out.
        }
      }
    }
  }

  async #read(is: StoredName['is'], ids: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    const rows = await this.database.read<{ stored: Stored }>({
      name: `catalog_export_${is}s`,
      text: TEXTS[is],
      values: [ids],
    });
    return new Map(rows.map(({ stored }) => [stored.id, stored]));
  }
}
