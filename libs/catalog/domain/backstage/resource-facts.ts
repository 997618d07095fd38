import type { Violation } from '#shared-kernel';
import { LIFECYCLE_STATUSES } from '../resource-content.js';
import type { LifecycleStatus } from '../resource-content.js';
import { VISIBILITIES } from '../endpoint.js';
import type { Endpoint } from '../endpoint.js';
import type { Link } from '../link.js';
import { isMembers, mistake, namespaceOf } from './entity.js';
import type { Entity, Members } from './entity.js';
import { readDependents, readRef, readRelations } from './entity-relations.js';
import { shortDescription } from './facts.js';
import type { FactsReading, ResourceFacts } from './facts.js';
import { isOwn, own, ownText } from './own-annotations.js';

interface Read<T> {
  readonly value: T;
  readonly violations: readonly Violation[];
}

/** Of kinds whose `type` says something else than what they are: an API's is its language, of the others it is free. */
const TYPE_OF_KIND: Readonly<Record<string, string>> = { API: 'api', System: 'system', Domain: 'domain' };
/** Words of Backstage; every other word is taken as "in use". */
const STATUS_OF_LIFECYCLE = new Map<unknown, LifecycleStatus>([
  ['experimental', 'active'],
  ['production', 'active'],
  ['deprecated', 'deprecated'],
]);
const LIFECYCLE_KINDS: readonly string[] = ['Component', 'API'];

export const hasLifecycle = ({ kind }: Entity): boolean => LIFECYCLE_KINDS.includes(kind);

/** The `type` of the catalog where the kind says it; else it is in `spec.type`. */
export const typeOfKind = ({ kind }: Entity): string | null => TYPE_OF_KIND[kind] ?? null;

export function statusOf(lifecycle: unknown): LifecycleStatus {
  const known = LIFECYCLE_STATUSES.find((status) => status === lifecycle);
  return known ?? STATUS_OF_LIFECYCLE.get(lifecycle) ?? 'active';
}

/** What an entity says of a resource. */
export function resourceFactsOf(entity: Entity): FactsReading<ResourceFacts> {
  const { metadata, spec } = entity;
  const namespace = namespaceOf(entity);
  const owner = readRef(spec['owner'], '/spec/owner', { kind: 'group', namespace });
  const relations = readRelations(entity);
  const dependents = readDependents(entity);
  const parts = {
    type: readType(entity),
    status: readStatus(entity),
    endpoints: readEndpoints(entity),
    ttl: readTtl(entity),
    annotations: readAnnotations(entity),
  };
  return {
    facts: {
      is: 'resource',
      namespace: ownText(entity, 'namespace') ?? namespace,
      name: ownText(entity, 'name') ?? metadata.name,
      type: parts.type.value,
      environment: ownText(entity, 'environment'),
      lifecycleStatus: parts.status.value,
      description: shortDescription(metadata.description),
      owner: owner.value,
      labels: metadata.labels ?? {},
      annotations: parts.annotations.value,
      links: (metadata.links ?? []).map(toLink),
      endpoints: parts.endpoints.value,
      ttlSeconds: parts.ttl.value,
      relations: relations.value,
      dependents: [...dependents.value].sort(),
    },
    violations: [owner, relations, dependents, ...Object.values(parts)].flatMap(
      ({ violations }) => violations,
    ),
  };
}

export const toLink = ({ url = '', title, type }: Readonly<Record<string, string>>): Link => ({
  url,
  title: title ?? null,
  type: type ?? null,
});

function readType(entity: Entity): Read<string> {
  const said = ownText(entity, 'type') ?? typeOfKind(entity);
  const { type } = entity.spec;
  if (said === null && type === undefined)
    return { value: '', violations: [mistake('/spec/type', 'required', 'It is required.')] };
  if (type !== undefined && typeof type !== 'string')
    return { value: '', violations: [mistake('/spec/type', 'type', 'It must be a string.')] };
  return { value: said ?? type ?? '', violations: [] };
}

function readStatus(entity: Entity): Read<LifecycleStatus> {
  const said = ownText(entity, 'lifecycle-status');
  const { lifecycle } = entity.spec;
  if (said !== null) return { value: statusOf(said), violations: [] };
  if (!hasLifecycle(entity)) return { value: 'active', violations: [] };
  const isText = lifecycle === undefined || typeof lifecycle === 'string';
  const wrong = mistake('/spec/lifecycle', 'type', 'It must be a string.');
  return { value: statusOf(lifecycle), violations: isText ? [] : [wrong] };
}

function readTtl(entity: Entity): Read<number | null> {
  const { value, pointer, violations } = own(entity, 'ttl-seconds');
  if (value === undefined) return { value: null, violations };
  if (typeof value === 'number') return { value, violations };
  return { value: null, violations: [mistake(pointer, 'type', 'It is a whole number.')] };
}

/** Those of others; where somebody's key is one of ours, it is within one of ours. */
function readAnnotations(entity: Entity): Read<Record<string, string>> {
  const { value = {}, pointer, violations } = own(entity, 'annotations');
  const isRight = isMembers(value) && Object.values(value).every((text) => typeof text === 'string');
  const others = Object.entries(entity.metadata.annotations ?? {}).filter(([key]) => !isOwn(key));
  const hidden = isRight ? Object.entries(value as Record<string, string>) : [];
  const wrong = mistake(pointer, 'type', 'It is an object of texts in JSON.');
  return {
    value: Object.fromEntries([...others, ...hidden]),
    violations: isRight ? violations : [...violations, wrong],
  };
}

function readEndpoints(entity: Entity): Read<Endpoint[]> {
  const { value = [], pointer, violations } = own(entity, 'endpoints');
  const endpoints = Array.isArray(value) ? value.map(toEndpoint) : [null];
  const right = endpoints.filter((endpoint) => endpoint !== null);
  if (right.length === endpoints.length) return { value: right, violations };
  const detail =
    'It is a list of {"name", "url"} or {"name", "host", "port", "protocol"} in JSON, each perhaps with "visibility".';
  return { value: [], violations: [mistake(pointer, 'type', detail)] };
}

const ENDPOINT_MEMBERS = ['name', 'url', 'host', 'port', 'protocol', 'visibility'];

/** Null where it has not the shape of one; whether it is right is told by the resource. */
function toEndpoint(value: unknown): Endpoint | null {
  if (!isMembers(value) || Object.keys(value).some((name) => !ENDPOINT_MEMBERS.includes(name))) return null;
  const { name, port = null, visibility = 'internal' } = value;
  const known = VISIBILITIES.find((one) => one === visibility);
  const texts = textsOf(value, ['url', 'host', 'protocol']);
  if (typeof name !== 'string' || !texts || !known) return null;
  if (port !== null && !Number.isSafeInteger(port)) return null;
  const { url = null, host = null, protocol = null } = texts;
  return { name, url, host, port: port as number | null, protocol, visibility: known };
}

function textsOf(members: Members, names: readonly string[]): Record<string, string | null> | null {
  const texts = names.map((name) => [name, members[name] ?? null] as const);
  const isRight = texts.every(([, text]) => text === null || typeof text === 'string');
  return isRight ? (Object.fromEntries(texts) as Record<string, string | null>) : null;
}
