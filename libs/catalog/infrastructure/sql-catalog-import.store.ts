import { Injectable } from '@nestjs/common';
import { CallContext, tenantColumn } from '#platform/context';
import { Database } from '#platform/database';
import { CatalogImportStore } from '../application/catalog-import.store.js';
import type { KeptDescriptor, KnownThing, SaidRelation } from '../application/catalog-import.store.js';
import type { Home } from '../application/company-of.js';
import type { Entity } from '../domain/backstage/entity.js';
import { undescribedResource } from '../domain/backstage/entity-names.js';
import { partsOf, refText } from '../domain/backstage/entity-ref.js';
import type { CompanyId, ResourceId } from '../domain/identity.js';
import type { Relation, RelationType } from '../domain/relation.js';
import type { ResourceIdentity } from '../domain/resource-content.js';
import { ResourceActs } from './resource-acts.js';
import type { ResourceAct } from './resource-acts.js';
import { RESOURCE_COLUMNS } from './resource.table.js';
import type { ResourceRecord } from './resource.table.js';

interface DescriptorRow {
  readonly ref: string;
  readonly source: string;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly resource_id: string | null;
  readonly entity: Entity;
  readonly dangling: readonly string[];
}

interface RelationRow {
  readonly from_id: string;
  readonly type: RelationType;
  readonly to_id: string;
  readonly source: string | null;
}

interface HandMadeTeam {
  readonly id: string;
  readonly slug: string;
}

interface HandMadeResource extends ResourceIdentity {
  readonly id: string;
}

@Injectable()
export class SqlCatalogImportStore extends CatalogImportStore {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly acts: ResourceActs,
  ) {
    super();
  }

  override async known(company: CompanyId, source: string, refs: readonly string[]): Promise<KnownThing[]> {
    const described = await this.database.read<DescriptorRow>({
      name: 'catalog_descriptors_of',
      text: `select ref, source, user_id, team_id, resource_id, entity, dangling from catalog.descriptor
             where company_id = $1 and source = $2
             union all
             select ref, source, user_id, team_id, resource_id, entity, dangling from catalog.descriptor
             where company_id = $1 and source <> $2 and ref = any ($3)`,
      values: [company, source, refs],
    });
    const things = described.map(toKnown);
    const found = new Set(things.map(({ ref }) => ref));
    const left = refs.filter((ref) => !found.has(ref));
    return [
      ...things,
      ...(await this.#handMadeTeams(company, left)),
      ...(await this.#handMade(company, left)),
    ];
  }

  /** A team that somebody made is known by its slug. */
  async #handMadeTeams(company: CompanyId, refs: readonly string[]): Promise<KnownThing[]> {
    const slugs = refs
      .map(partsOf)
      .filter(({ kind, namespace }) => kind === 'group' && namespace === 'default');
    if (slugs.length === 0) return [];
    const teams = await this.database.read<HandMadeTeam>({
      name: 'catalog_teams_by_slug',
      text: `select t.id, t.slug from catalog.team t where t.company_id = $1 and t.slug = any ($2)
             and not exists (select from catalog.descriptor d where d.team_id = t.id)`,
      values: [company, slugs.map(({ name }) => name)],
    });
    return teams.map(({ id, slug }) => ({
      ...byHand(id, 'team'),
      ref: refText({ kind: 'group', namespace: 'default', name: slug }),
    }));
  }

  /** A resource by its name, where there is one alone that would be described so. */
  async #handMade(company: CompanyId, refs: readonly string[]): Promise<KnownThing[]> {
    const named = refs.map(partsOf).filter(({ kind }) => kind !== 'group' && kind !== 'user');
    if (named.length === 0) return [];
    const resources = await this.database.read<HandMadeResource>({
      name: 'catalog_resources_by_name',
      text: `select t.id, t.namespace, t.type, t.name, t.environment from catalog.resource t
             where t.company_id = $1 and t.namespace = any ($2) and t.name = any ($3) and t.source is null`,
      values: [company, [...new Set(named.map((one) => one.namespace))], named.map(({ name }) => name)],
    });
    const byRef = new Map<string, HandMadeResource[]>();
    for (const resource of resources) {
      const ref = refText(undescribedResource(resource));
      byRef.set(ref, [...(byRef.get(ref) ?? []), resource]);
    }
    return refs.flatMap((ref) => {
      const [only, another] = byRef.get(ref) ?? [];
      return only && !another ? [{ ...byHand(only.id, 'resource'), ref }] : [];
    });
  }

  override async keep({ companyId, tenant }: Home, descriptors: readonly KeptDescriptor[]): Promise<void> {
    if (descriptors.length === 0) return;
    const rows = descriptors.map(({ ref, is, id, source, entity, dangling }) => ({
      ...{ ref, source, entity, dangling, [`${is}_id`]: id },
    }));
    await this.database.read({
      name: 'catalog_descriptors_keep',
      text: `insert into catalog.descriptor (tenant, company_id, ref, source, user_id, team_id, resource_id, entity, dangling)
             select $1, $2, d.ref, d.source, d.user_id, d.team_id, d.resource_id, d.entity, d.dangling
             from json_to_recordset($3::json) as d(ref text, source text, user_id uuid, team_id uuid, resource_id uuid,
               entity json, dangling json)
             on conflict (company_id, ref) do update set source = excluded.source, user_id = excluded.user_id,
               team_id = excluded.team_id, resource_id = excluded.resource_id, entity = excluded.entity,
               dangling = excluded.dangling`,
      values: [tenantColumn(tenant), companyId, JSON.stringify(rows)],
    });
  }

  override async relationsFrom(resourceIds: readonly string[]): Promise<SaidRelation[]> {
    if (resourceIds.length === 0) return [];
    const rows = await this.database.read<RelationRow>({
      name: 'catalog_relations_from',
      text: 'select from_id, type, to_id, source from catalog.relation where from_id = any ($1)',
      values: [resourceIds],
    });
    return rows.map(toRelation);
  }

  override async relate({ tenant }: Home, relations: readonly Relation[], source: string): Promise<void> {
    if (relations.length === 0) return;
    const rows = await this.database.read<RelationRow>({
      name: 'catalog_relate',
      text: `insert into catalog.relation (tenant, from_id, type, to_id, created_at, created_by, source)
             select $1, r.from_id, r.type, r.to_id, statement_timestamp(), $2, $3
             from json_to_recordset($4::json) as r(from_id uuid, type text, to_id uuid)
             on conflict do nothing returning from_id, type, to_id, source`,
      values: [tenantColumn(tenant), this.context.current.caller.actor, source, asRecords(relations)],
    });
    await this.#tell('relation_added', rows);
  }

  override async unrelate(relations: readonly Relation[]): Promise<void> {
    if (relations.length === 0) return;
    const rows = await this.database.read<RelationRow>({
      name: 'catalog_unrelate',
      text: `delete from catalog.relation t
             using json_to_recordset($1::json) as r(from_id uuid, type text, to_id uuid)
             where t.from_id = r.from_id and t.type = r.type and t.to_id = r.to_id
             returning t.from_id, t.type, t.to_id, t.source`,
      values: [asRecords(relations)],
    });
    await this.#tell('relation_removed', rows);
  }

  async #tell(type: ResourceAct['type'], rows: readonly RelationRow[]): Promise<void> {
    const records = await this.database.read<ResourceRecord>({
      name: 'catalog_resources_of_acts',
      text: `select ${RESOURCE_COLUMNS} from catalog.resource t where t.id = any ($1)`,
      values: [[...new Set(rows.map(({ from_id }) => from_id))]],
    });
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const { from_id, type: relation, to_id } of rows) {
      const record = byId.get(from_id);
      if (record) this.acts.append(record, { type, about: { type: relation, from_id, to_id } });
    }
  }
}

const byHand = (id: string, is: KnownThing['is']): Omit<KnownThing, 'ref'> => ({
  ...{ is, id, source: null, entity: null, dangling: [] },
});

function toKnown({
  ref,
  source,
  entity,
  dangling,
  user_id,
  team_id,
  resource_id,
}: DescriptorRow): KnownThing {
  const said = { ref, source, entity, dangling };
  if (user_id !== null) return { ...said, is: 'user', id: user_id };
  if (team_id !== null) return { ...said, is: 'team', id: team_id };
  return { ...said, is: 'resource', id: resource_id ?? '' };
}

const toRelation = ({ from_id, type, to_id, source }: RelationRow): SaidRelation => ({
  ...{ fromId: from_id as ResourceId, type, toId: to_id as ResourceId, source },
});

const asRecords = (relations: readonly Relation[]): string =>
  JSON.stringify(relations.map(({ fromId, type, toId }) => ({ from_id: fromId, type, to_id: toId })));
