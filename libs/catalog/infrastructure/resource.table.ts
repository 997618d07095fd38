import { EntitySchema } from 'typeorm';
import type { Labels } from '#shared-kernel';
import { storedColumns } from '#platform/change-log';
import type { Mapping, StoredRow } from '#platform/change-log';
import { tenantFromColumn } from '#platform/context';
import { foldCase } from '#platform/database';
import type { ResourceObserved, ResourceView } from '../application/resource.queries.js';
import type { Annotations } from '../domain/annotations.js';
import type { Endpoint } from '../domain/endpoint.js';
import type { HealthStatus } from '../domain/health.js';
import type { CompanyId, ResourceId, TeamId } from '../domain/identity.js';
import type { Link } from '../domain/link.js';
import type { LifecycleStatus } from '../domain/resource-content.js';
import type { ResourceContent, ResourceIdentity, ResourceState } from '../domain/resource.js';

export const RESOURCE_TYPE = 'catalog.resource';

/** A resource as it is stored. */
export interface ResourceRow extends StoredRow {
  readonly companyId: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly environment: string | null;
  readonly lifecycleStatus: LifecycleStatus;
  readonly description: string | null;
  readonly ownerTeamId: string | null;
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly links: readonly Link[];
  readonly endpoints: readonly Endpoint[];
  readonly ttlSeconds: number | null;
  readonly source: string | null;
  readonly sourceRef: string | null;
  readonly orphan: boolean;
}

/** A row as it is written: with what is only searched, and not read back. */
export interface WrittenResourceRow extends ResourceRow {
  readonly searchText: string;
}

export const ResourceTable = new EntitySchema<WrittenResourceRow>({
  name: 'CatalogResource',
  schema: 'catalog',
  tableName: 'resource',
  columns: {
    ...storedColumns,
    companyId: { name: 'company_id', type: 'uuid' },
    namespace: { type: 'text' },
    name: { type: 'text' },
    type: { type: 'text' },
    environment: { type: 'text', nullable: true },
    lifecycleStatus: { name: 'lifecycle_status', type: 'text' },
    description: { type: 'text', nullable: true },
    ownerTeamId: { name: 'owner_team_id', type: 'uuid', nullable: true },
    labels: { type: 'json' },
    annotations: { type: 'json' },
    links: { type: 'json' },
    endpoints: { type: 'json' },
    ttlSeconds: { name: 'ttl_seconds', type: 'int', nullable: true },
    source: { type: 'text', nullable: true },
    sourceRef: { name: 'source_ref', type: 'text', nullable: true },
    orphan: { type: 'boolean' },
    searchText: { name: 'search_text', type: 'text', select: false },
  },
});

/** What was seen of a resource called `t`: its newest checks, when it was last heard of, and when this was looked up. */
export const OBSERVED_COLUMNS = `
  (select json_agg(json_build_object('endpoint', h.endpoint, 'status', h.status, 'output', h.output,
     'checked_at', h.checked_at, 'ttl_seconds', h.ttl_seconds))
   from catalog.endpoint_health h where h.resource_id = t.id) as checks,
  (select s.last_seen_at from catalog.resource_seen s where s.resource_id = t.id) as last_seen_at,
  statement_timestamp() as observed_at`;

/** Every column that is read, of the table called `t`. */
export const RESOURCE_COLUMNS = `${'id, tenant, version, company_id, namespace, name, type, environment, lifecycle_status, description, owner_team_id, labels, annotations, links, endpoints, ttl_seconds, source, source_ref, orphan, created_at, created_by, updated_at, updated_by'.replaceAll(
  /\w+/g,
  't.$&',
)}, ${OBSERVED_COLUMNS}`;

/** The newest check of an endpoint. */
export interface CheckRecord {
  readonly endpoint: string;
  readonly status: HealthStatus;
  readonly output: string;
  readonly checked_at: string;
  readonly ttl_seconds: number | null;
}

/** What was seen, by column name. */
export interface ObservedRecord {
  readonly checks: readonly CheckRecord[] | null;
  readonly last_seen_at: Date | string | null;
  readonly observed_at: Date | string;
}

/** A resource by column name: what statements of our own give, and, without what was seen, what the change log keeps. */
export interface ResourceRecord extends Partial<ObservedRecord> {
  readonly id: string;
  readonly tenant: string;
  readonly version: number;
  readonly company_id: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly environment: string | null;
  readonly lifecycle_status: LifecycleStatus;
  readonly description: string | null;
  readonly owner_team_id: string | null;
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly links: readonly Link[];
  readonly endpoints: readonly Endpoint[];
  readonly ttl_seconds: number | null;
  readonly source: string | null;
  readonly source_ref: string | null;
  readonly orphan: boolean;
  /** A date, or its text where it comes out of JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
}

/**
 * What its events are about: environment (`*` where it is the same in all), namespace and name. The first two hold no
 * slash.
 */
export const resourceSubject = ({ environment, namespace, name }: Omit<ResourceIdentity, 'type'>): string =>
  `${environment ?? '*'}/${namespace}/${name}`;

/** The name of the resource that an event is about. */
export const nameOfSubject = (subject: string): string => subject.split('/').slice(2).join('/');

export const RESOURCE_MAPPING: Mapping<ResourceState, WrittenResourceRow> = {
  table: ResourceTable,
  hidden: ['searchText'],
  aggregateType: RESOURCE_TYPE,
  subject: resourceSubject,
  toRow: ({ name, description, ...state }) => ({
    companyId: state.companyId,
    namespace: state.namespace,
    name,
    type: state.type,
    environment: state.environment,
    lifecycleStatus: state.lifecycleStatus,
    description,
    ownerTeamId: state.ownerTeamId,
    labels: state.labels,
    annotations: state.annotations,
    links: state.links,
    endpoints: state.endpoints,
    ttlSeconds: state.ttlSeconds,
    source: state.source,
    sourceRef: state.sourceRef,
    orphan: state.orphan,
    searchText: foldCase(`${name}\n${description ?? ''}`), // Nothing is found across the two.
  }),
};

/** What was checked on its way in is trusted on its way out. */
export function toResourceState(row: ResourceRow): ResourceState {
  const { createdAt, createdBy, updatedAt, updatedBy } = row;
  return {
    id: row.id as ResourceId,
    tenant: tenantFromColumn(row.tenant),
    version: row.version,
    stamp: { createdAt, createdBy, updatedAt, updatedBy },
    companyId: row.companyId as CompanyId,
    namespace: row.namespace,
    name: row.name,
    type: row.type,
    environment: row.environment,
    lifecycleStatus: row.lifecycleStatus,
    description: row.description,
    ownerTeamId: row.ownerTeamId as TeamId | null,
    labels: row.labels,
    annotations: row.annotations,
    links: row.links,
    endpoints: row.endpoints,
    ttlSeconds: row.ttlSeconds,
    source: row.source,
    sourceRef: row.sourceRef,
    orphan: row.orphan,
  };
}

/** A row as the change log kept it. */
export const toResourceContent = (record: ResourceRecord): ResourceContent => ({
  namespace: record.namespace,
  name: record.name,
  type: record.type,
  environment: record.environment,
  lifecycleStatus: record.lifecycle_status,
  description: record.description,
  ownerTeamId: record.owner_team_id as TeamId | null,
  labels: record.labels,
  annotations: record.annotations,
  links: record.links,
  endpoints: record.endpoints,
  ttlSeconds: record.ttl_seconds,
});

/** As it is shown. */
export function toResourceView(record: ResourceRecord): ResourceView {
  return {
    ...toResourceContent(record),
    id: record.id,
    tenant: tenantFromColumn(record.tenant),
    version: record.version,
    companyId: record.company_id,
    source: record.source,
    sourceRef: record.source_ref,
    orphan: record.orphan,
    stamp: {
      createdAt: new Date(record.created_at),
      createdBy: record.created_by,
      updatedAt: new Date(record.updated_at),
      updatedBy: record.updated_by,
    },
    observed: toObserved(record),
  };
}

/** Null for what the change log kept of a version: nothing was seen then. */
export function toObserved({
  checks,
  last_seen_at,
  observed_at,
}: Partial<ObservedRecord>): ResourceObserved | null {
  if (observed_at === undefined) return null;
  return {
    at: new Date(observed_at),
    lastSeenAt: last_seen_at ? new Date(last_seen_at) : null,
    checks: new Map(
      (checks ?? []).map(({ endpoint, status, output, checked_at, ttl_seconds }) => [
        endpoint,
        { status, output, checkedAt: new Date(checked_at), ttlSeconds: ttl_seconds },
      ]),
    ),
  };
}
