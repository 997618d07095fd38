import { sameJson } from '#shared-kernel';
import type { LifecycleStatus } from '../resource-content.js';
import { namespaceOf } from './entity.js';
import type { Entity, Members } from './entity.js';
import { factsOf } from './entity-facts.js';
import { shortRef } from './entity-ref.js';
import { keyOfRelation, writeDependents, writeRefs, writeRelations } from './entity-relations.js';
import type { Facts, ResourceFacts, TeamFacts, UserFacts } from './facts.js';
import { isOwn, OWN_PREFIX } from './own-annotations.js';
import type { OwnText, OwnValue } from './own-annotations.js';
import { hasLifecycle, toLink, typeOfKind } from './resource-facts.js';

/** What is to become of an entity: members that are put in their places; undefined takes one away. */
interface Edits {
  readonly metadata: Record<string, unknown>;
  readonly spec: Record<string, unknown>;
  readonly annotations: Record<string, string | undefined>;
}

type Write<Part> = (value: never, edits: Edits, entity: Entity, facts: Part) => void;
type Writers<Part> = Readonly<Record<keyof Part, Write<Part>>>;

const LIFECYCLE_OF: Readonly<Record<LifecycleStatus, string>> = {
  active: 'production',
  planned: 'planned',
  inactive: 'inactive',
  deprecated: 'deprecated',
  retired: 'retired',
};

/**
 * The entity that says these facts. What it says already stays as it is written; what the catalog knows nothing of stays,
 * too: without a change the very same entity is the answer.
 */
export function describe(facts: Facts, entity: Entity): Entity {
  const said = factsOf(entity).facts;
  const edits: Edits = { metadata: {}, spec: {}, annotations: {} };
  const writers = WRITERS[facts.is] as Readonly<Record<string, Write<unknown>>>;
  for (const [name, write] of Object.entries(writers)) {
    const wanted = facts[name as keyof Facts] as unknown;
    if (!sameJson(inOneOrder(name, wanted), inOneOrder(name, said[name as keyof Facts])))
      write(wanted as never, edits, entity, facts);
  }
  return edited(entity, edits);
}

/** The order of relations says nothing, that of links and endpoints does. */
function inOneOrder(name: string, value: unknown): unknown {
  if (name === 'relations') return (value as ResourceFacts['relations']).map(keyOfRelation).sort();
  return ['dependents', 'memberOf', 'children'].includes(name) ? [...(value as string[])].sort() : value;
}

const setText =
  (name: OwnText) =>
  (value: string | null, { annotations }: Edits): void => {
    annotations[`${OWN_PREFIX}${name}`] = value ?? undefined;
  };

function setValue({ annotations }: Edits, name: OwnValue, value: unknown): void {
  annotations[`${OWN_PREFIX}${name}`] = value === undefined ? undefined : JSON.stringify(value);
}

const setLabels = (labels: Members, { metadata }: Edits): void => {
  metadata['labels'] = Object.keys(labels).length > 0 ? labels : undefined;
};

const setDescription = (description: string | null, { metadata }: Edits): void => {
  metadata['description'] = description ?? undefined;
};

const setProfile =
  (name: string) =>
  (value: string | null, { spec }: Edits, entity: Entity): void => {
    const profile = (spec['profile'] ?? entity.spec['profile'] ?? {}) as Members;
    spec['profile'] = without({ ...profile, [name]: value ?? undefined });
  };

const nothing = (): void => undefined;

const USER: Writers<UserFacts> = {
  is: nothing,
  name: setProfile('displayName'),
  email: setProfile('email'),
  active: (active: UserFacts['active'], edits) => setValue(edits, 'active', active ? undefined : false),
  labels: setLabels,
  memberOf: (teams: readonly string[], { spec }, entity) => {
    const defaults = { kind: 'group', namespace: namespaceOf(entity) };
    spec['memberOf'] = writeRefs(entity.spec['memberOf'], teams, defaults);
  },
};

const TEAM: Writers<TeamFacts> = {
  is: nothing,
  name: setProfile('displayName'),
  slug: setText('slug'),
  description: setDescription,
  email: setProfile('email'),
  labels: setLabels,
  parent: (parent: string | null, { spec }, entity) => {
    const defaults = { kind: 'group', namespace: namespaceOf(entity) };
    spec['parent'] = parent === null ? undefined : shortRef(parent, defaults);
  },
  children: (children: readonly string[], { spec }, entity) => {
    const defaults = { kind: 'group', namespace: namespaceOf(entity) };
    spec['children'] = writeRefs(entity.spec['children'], children, defaults);
  },
  members: (members: TeamFacts['members'], edits, entity) => {
    const defaults = { kind: 'user', namespace: namespaceOf(entity) };
    edits.spec['members'] = writeRefs(entity.spec['members'], Object.keys(members), defaults);
    const roles = Object.entries(members).filter(([, role]) => role !== null);
    setValue(edits, 'roles', roles.length > 0 ? Object.fromEntries(roles.sort(byName)) : undefined);
  },
};

const RESOURCE: Writers<ResourceFacts> = {
  is: nothing,
  namespace: setText('namespace'),
  name: setText('name'),
  type: (type: string, edits, entity) => {
    const ofKind = typeOfKind(entity);
    if (ofKind === null && entity.metadata.annotations?.[`${OWN_PREFIX}type`] === undefined)
      edits.spec['type'] = type;
    else setText('type')(type === ofKind ? null : type, edits);
  },
  environment: setText('environment'),
  lifecycleStatus: (status: LifecycleStatus, edits, entity) => {
    const isActive = status === 'active';
    if (hasLifecycle(entity)) edits.spec['lifecycle'] = LIFECYCLE_OF[status];
    setText('lifecycle-status')(hasLifecycle(entity) || isActive ? null : status, edits);
  },
  description: setDescription,
  owner: (owner: string | null, { spec }, entity) => {
    const defaults = { kind: 'group', namespace: namespaceOf(entity) };
    spec['owner'] = owner === null ? undefined : shortRef(owner, defaults);
  },
  labels: setLabels,
  annotations: (annotations: Readonly<Record<string, string>>, edits, entity) => {
    for (const key of Object.keys(entity.metadata.annotations ?? {}))
      if (!isOwn(key) && !Object.hasOwn(annotations, key)) edits.annotations[key] = undefined;
    const hidden = Object.entries(annotations).filter(([key]) => isOwn(key));
    for (const [key, text] of Object.entries(annotations)) if (!isOwn(key)) edits.annotations[key] = text;
    setValue(edits, 'annotations', hidden.length > 0 ? Object.fromEntries(hidden) : undefined);
  },
  links: (links: ResourceFacts['links'], { metadata }, entity) => {
    const written = entity.metadata.links ?? [];
    const asWritten = links.map(
      (link) => written.find((one) => sameJson(toLink(one), link)) ?? without({ ...link }),
    );
    metadata['links'] = links.length > 0 ? asWritten : undefined;
  },
  endpoints: (endpoints: ResourceFacts['endpoints'], edits) =>
    setValue(
      edits,
      'endpoints',
      endpoints.length > 0 ? endpoints.map((one) => without({ ...one })) : undefined,
    ),
  ttlSeconds: (seconds: number | null, edits) => setValue(edits, 'ttl-seconds', seconds ?? undefined),
  relations: (relations: ResourceFacts['relations'], edits, entity) => {
    const { spec, others } = writeRelations(entity, relations);
    Object.assign(edits.spec, spec);
    setValue(edits, 'relations', others.length > 0 ? others : undefined);
  },
  dependents: (dependents: readonly string[], edits, entity) => {
    Object.assign(edits.spec, writeDependents(entity, dependents));
  },
};

const WRITERS = { user: USER, team: TEAM, resource: RESOURCE };

function edited(entity: Entity, edits: Edits): Entity {
  const annotations = applied(entity.metadata.annotations ?? {}, edits.annotations);
  const isTouched = Object.keys(edits.annotations).length > 0;
  const noted = { annotations: Object.keys(annotations).length > 0 ? annotations : undefined };
  const metadata = applied(entity.metadata, { ...edits.metadata, ...(isTouched && noted) });
  return { ...entity, metadata: metadata as Entity['metadata'], spec: applied(entity.spec, edits.spec) };
}

/** What is not touched stays whatever it is, null for example. */
function applied(members: Members, edits: Members): Members {
  const next = Object.entries({ ...members, ...edits });
  return Object.fromEntries(
    next.filter(([name, value]) => value !== undefined || !Object.hasOwn(edits, name)),
  );
}

const without = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;
