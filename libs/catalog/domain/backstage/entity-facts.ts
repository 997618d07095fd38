import type { Violation } from '#shared-kernel';
import { MEMBER_ROLES } from '../member.js';
import type { MemberRole } from '../member.js';
import { isMembers, kindOf, mistake, namespaceOf } from './entity.js';
import type { Entity, Members } from './entity.js';
import { parseRef } from './entity-ref.js';
import { readRef, readRefs } from './entity-relations.js';
import { shortDescription } from './facts.js';
import type { FactsReading, TeamFacts, UserFacts } from './facts.js';
import { own, ownText } from './own-annotations.js';
import { resourceFactsOf } from './resource-facts.js';

const SLUG_LENGTH_MAX = 63;

/** What an entity says in the words of the catalog; pointers are within the entity. */
export function factsOf(entity: Entity): FactsReading {
  const kind = kindOf(entity);
  if (kind === 'User') return userFactsOf(entity);
  return kind === 'Group' ? teamFactsOf(entity) : resourceFactsOf(entity);
}

/** Who has no address of mail has one that no mail reaches (RFC 2606). */
const noMailboxOf = (entity: Entity): string =>
  `${entity.metadata.name}@${namespaceOf(entity)}.invalid`.toLowerCase();

function userFactsOf(entity: Entity): FactsReading<UserFacts> {
  const { spec, metadata } = entity;
  const profile = profileOf(spec);
  const namespace = namespaceOf(entity);
  const memberOf = readRefs(spec['memberOf'], '/spec/memberOf', { kind: 'group', namespace });
  const active = own(entity, 'active');
  return {
    facts: {
      is: 'user',
      name: profile.displayName ?? metadata.title ?? metadata.name,
      email: profile.email ?? noMailboxOf(entity),
      active: active.value !== false,
      labels: metadata.labels ?? {},
      memberOf: [...memberOf.value].sort(),
    },
    violations: [...profile.violations, ...memberOf.violations, ...active.violations],
  };
}

function teamFactsOf(entity: Entity): FactsReading<TeamFacts> {
  const { spec, metadata } = entity;
  const profile = profileOf(spec);
  const namespace = namespaceOf(entity);
  const parent = readRef(spec['parent'], '/spec/parent', { kind: 'group', namespace });
  const children = readRefs(spec['children'], '/spec/children', { kind: 'group', namespace });
  const members = readRefs(spec['members'], '/spec/members', { kind: 'user', namespace });
  const roles = rolesOf(entity);
  return {
    facts: {
      is: 'team',
      name: profile.displayName ?? metadata.title ?? metadata.name,
      slug: ownText(entity, 'slug') ?? slugOf(entity),
      description: shortDescription(metadata.description),
      email: profile.email,
      labels: metadata.labels ?? {},
      parent: parent.value,
      children: [...children.value].sort(),
      members: Object.fromEntries([...members.value].sort().map((user) => [user, roles.value[user] ?? null])),
    },
    violations: [profile, parent, children, members, roles].flatMap(({ violations }) => violations),
  };
}

/** A name may be in several namespaces; a slug is once in a company. */
function slugOf(entity: Entity): string {
  const namespace = namespaceOf(entity).toLowerCase();
  const name = namespace === 'default' ? entity.metadata.name : `${namespace}-${entity.metadata.name}`;
  return name.toLowerCase().replaceAll(/[_.]/g, '-').slice(0, SLUG_LENGTH_MAX);
}

function rolesOf(entity: Entity): { value: Record<string, MemberRole>; violations: readonly Violation[] } {
  const { value, pointer, violations } = own(entity, 'roles');
  if (value === undefined) return { value: {}, violations };
  const defaults = { kind: 'user', namespace: namespaceOf(entity) };
  const roles = Object.entries(isMembers(value) ? value : { '': value }).map(([user, role]) => {
    const ref = parseRef(user, defaults);
    const known = MEMBER_ROLES.find((one) => one === role);
    return ref !== null && known ? ([ref, known] as const) : null;
  });
  const right = roles.filter((role) => role !== null);
  const wrong = mistake(
    pointer,
    'choice',
    `It is an object of JSON: by user one of ${MEMBER_ROLES.join(', ')}.`,
  );
  return { value: Object.fromEntries(right), violations: right.length === roles.length ? [] : [wrong] };
}

interface Profile {
  readonly displayName: string | null;
  readonly email: string | null;
  readonly violations: readonly Violation[];
}

function profileOf(spec: Members): Profile {
  const { profile = {} } = spec;
  const nothing = { displayName: null, email: null };
  if (!isMembers(profile))
    return { ...nothing, violations: [mistake('/spec/profile', 'type', 'It must be an object.')] };
  const violations: Violation[] = [];
  const text = (name: string): string | null => {
    const value = profile[name];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string') return value;
    violations.push(mistake(`/spec/profile/${name}`, 'type', 'It must be a string.'));
    return null;
  };
  return { displayName: text('displayName'), email: text('email'), violations };
}
