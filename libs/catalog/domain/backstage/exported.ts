import type { MemberRole } from '../member.js';
import type { RelationType } from '../relation.js';
import type { ResourceContent } from '../resource-content.js';
import { describe } from './describe.js';
import { refOf as refOfEntity } from './entity.js';
import type { Entity } from './entity.js';
import { factsOf } from './entity-facts.js';
import { EntityNames, undescribedResource, undescribedTeam, undescribedUser } from './entity-names.js';
import type { Undescribed } from './entity-names.js';
import { inOrder } from './entity-relations.js';
import type { Facts, ResourceFacts, TeamFacts, UserFacts } from './facts.js';

/** What gives something its name. */
export interface StoredName {
  readonly id: string;
  readonly is: 'user' | 'team' | 'resource';
  /** What an import calls it, and which; null where none speaks for it. */
  readonly ref: string | null;
  readonly source: string | null;
  readonly namespace: string | null;
  readonly type: string | null;
  /** The address of a user, the slug of a team, the name of a resource. */
  readonly name: string;
  readonly environment: string | null;
}

interface Told {
  readonly id: string;
  /** What an import said of it last; null where none speaks for it. */
  readonly entity: Entity | null;
  readonly dangling: readonly string[] | null;
}

export interface StoredUser extends Told, Pick<UserFacts, 'name' | 'email' | 'active' | 'labels'> {
  readonly is: 'user';
  readonly teams: readonly { readonly team_id: string }[];
}

export interface StoredTeam
  extends Told, Pick<TeamFacts, 'name' | 'slug' | 'description' | 'email' | 'labels'> {
  readonly is: 'team';
  readonly parent: string | null;
  readonly children: readonly string[];
  readonly members: readonly { readonly user_id: string; readonly role: MemberRole }[];
}

export interface StoredResource extends Told, Omit<ResourceContent, 'ownerTeamId'> {
  readonly is: 'resource';
  readonly owner: string | null;
  readonly relations: readonly { readonly type: RelationType; readonly to: string }[];
  /** Who depends on it. */
  readonly dependents: readonly string[];
}

/** Something as it is stored; others are named by their ids. */
export type Stored = StoredUser | StoredTeam | StoredResource;

/** What everything in a company is called. */
export interface Names {
  refOf(id: string): string;
  /** The same; null where it is not in the company. */
  find(id: string): string | null;
  /** The least that is said of what no import speaks for. */
  skeletonOf(id: string): Entity;
}

/** What imports named keeps its name; the rest gets one, the same again whatever the ids are. */
export function refsOf(all: readonly StoredName[]): Names {
  const refs = new Map(all.flatMap(({ id, ref }) => (ref === null ? [] : [[id, ref] as const])));
  const names = new EntityNames(new Set(refs.values()));
  const skeletons = new Map<string, Entity>();
  const unnamed = all
    .filter(({ ref }) => ref === null)
    .map((name) => ({ id: name.id, ...undescribed(name) }));
  for (const { id, ...thing } of unnamed.sort((one, other) => (one.mark < other.mark ? -1 : 1))) {
    const skeleton = names.nameFor(thing);
    skeletons.set(id, skeleton);
    refs.set(id, refOfEntity(skeleton));
  }
  const find = (id: string): string | null => refs.get(id) ?? null;
  return {
    find,
    refOf: (id) => find(id) ?? '',
    skeletonOf(id) {
      const skeleton = skeletons.get(id);
      if (!skeleton) throw new Error('An import speaks for it, and so it has a descriptor.');
      return skeleton;
    },
  };
}

function undescribed({ is, namespace, type, name, environment }: StoredName): Undescribed {
  if (is === 'user') return undescribedUser(name);
  if (is === 'team') return undescribedTeam(name);
  return undescribedResource({ namespace: namespace ?? '', type: type ?? '', name, environment });
}

/** What is stored, in the words of what an import said of it, where one did. */
export function asStored(stored: Stored, names: Names): Entity {
  const entity = stored.entity ?? names.skeletonOf(stored.id);
  const dangling = new Set(stored.dangling);
  return describe(factsFrom(stored, factsOf(entity).facts, { names, dangling }), entity);
}

interface Surroundings {
  readonly names: Names;
  readonly dangling: ReadonlySet<string>;
}

/** What leads nowhere is said still. */
function factsFrom(stored: Stored, said: Facts, around: Surroundings): Facts {
  if (stored.is === 'user') return userFrom(stored, said as UserFacts, around);
  return stored.is === 'team'
    ? teamFrom(stored, said as TeamFacts, around)
    : resourceFrom(stored, said as ResourceFacts, around);
}

function userFrom(
  { name, email, active, labels, teams }: StoredUser,
  said: UserFacts,
  around: Surroundings,
): UserFacts {
  const memberOf = refsFrom(
    teams.map(({ team_id }) => team_id),
    said.memberOf,
    around,
  );
  return { is: 'user', name, email, active, labels, memberOf };
}

function teamFrom(team: StoredTeam, said: TeamFacts, around: Surroundings): TeamFacts {
  const { name, slug, description, email, labels, parent } = team;
  const stayed = Object.entries(said.members).filter(([ref]) => around.dangling.has(ref));
  const members = team.members.flatMap(({ user_id, role }) => {
    const ref = around.names.find(user_id);
    if (ref === null) return [];
    return [[ref, role === 'member' && said.members[ref] !== 'member' ? null : role] as const];
  });
  return {
    ...{ is: 'team', name, slug, email, labels },
    description: description === '' ? null : description,
    parent: oneFrom(parent, said.parent, around),
    children: refsFrom(team.children, said.children, around),
    members: Object.fromEntries([...stayed, ...members]),
  };
}

function resourceFrom(resource: StoredResource, said: ResourceFacts, around: Surroundings): ResourceFacts {
  const { id: _, entity: __, dangling: ___, owner, relations, dependents, ...content } = resource;
  const stayed = said.relations.filter(({ to }) => around.dangling.has(to));
  const known = relations.flatMap(({ type, to }) => {
    const ref = around.names.find(to);
    return ref === null ? [] : [{ type, to: ref }];
  });
  const told = new Set(refsFrom(dependents, said.dependents, around));
  return {
    ...content,
    description: content.description === '' ? null : content.description,
    owner: oneFrom(owner, said.owner, around),
    relations: inOrder([...known, ...stayed]),
    dependents: said.dependents.filter((ref) => told.has(ref)),
  };
}

/** Of children, members and the like; what was said of others that are not there stays. */
function refsFrom(
  ids: readonly string[],
  said: readonly string[],
  { names, dangling }: Surroundings,
): string[] {
  const refs = ids.flatMap((id) => names.find(id) ?? []);
  return [...new Set([...refs, ...said.filter((ref) => dangling.has(ref))])].sort();
}

function oneFrom(id: string | null, said: string | null, { names, dangling }: Surroundings): string | null {
  if (id !== null) return names.find(id);
  return said !== null && dangling.has(said) ? said : null;
}
