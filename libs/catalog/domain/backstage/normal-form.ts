import { sameJson } from '#shared-kernel';
import { describe } from './describe.js';
import type { Entity } from './entity.js';
import { refOf } from './entity.js';
import { factsOf } from './entity-facts.js';
import { partsOf } from './entity-ref.js';
import type { Facts, RelationFacts, ResourceFacts, TeamFacts, UserFacts } from './facts.js';
import { inOrder, keyOfRelation } from './entity-relations.js';

/** An entity of an import, with what it says. */
export interface Described {
  readonly ref: string;
  readonly entity: Entity;
  readonly facts: Facts;
}

/**
 * What one entity says of another the other says too: who is a member of what, what lies below what, and what depends on
 * what. So the order in a file does not matter, and what is exported says the same on both sides. Done again, it changes
 * nothing.
 */
export function* inNormalForm(entities: readonly Entity[]): Generator<Described> {
  const said = new Map(entities.map((entity) => [refOf(entity), factsOf(entity).facts]));
  const told = new Told(said);
  for (const entity of entities) {
    const ref = refOf(entity);
    const before = said.get(ref) as Facts; // Each of them is in it.
    const facts = told.completed(ref, before);
    yield { ref, facts, entity: sameJson(before, facts) ? entity : describe(facts, entity) };
  }
}

/** What the others say of each. */
class Told {
  readonly #teamsOf = new Map<string, Set<string>>();
  readonly #membersOf = new Map<string, Set<string>>();
  readonly #parentOf = new Map<string, string>();
  readonly #childrenOf = new Map<string, Set<string>>();
  readonly #needsOf = new Map<string, Set<string>>();

  constructor(private readonly said: ReadonlyMap<string, Facts>) {
    for (const [ref, facts] of said) {
      if (facts.is === 'user') for (const team of facts.memberOf) this.#member(ref, team);
      if (facts.is === 'team') for (const user of Object.keys(facts.members)) this.#member(user, ref);
      if (facts.is === 'team' && facts.parent !== null) this.#child(ref, facts.parent);
      if (facts.is === 'resource') for (const other of facts.dependents) add(this.#needsOf, other, ref);
    }
    const inTheirOrder = [...said].sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [ref, facts] of inTheirOrder)
      if (facts.is === 'team') for (const child of facts.children) this.#adopt(child, ref);
  }

  completed(ref: string, facts: Facts): Facts {
    if (facts.is === 'user') return this.#user(ref, facts);
    return facts.is === 'team' ? this.#team(ref, facts) : this.#resource(ref, facts);
  }

  #user(ref: string, facts: UserFacts): UserFacts {
    return { ...facts, memberOf: merged(facts.memberOf, this.#teamsOf.get(ref)) };
  }

  #team(ref: string, facts: TeamFacts): TeamFacts {
    const members = merged(Object.keys(facts.members), this.#membersOf.get(ref));
    return {
      ...facts,
      members: Object.fromEntries(members.map((user) => [user, facts.members[user] ?? null])),
      parent: this.#parentOf.get(ref) ?? facts.parent,
      children: [...(this.#childrenOf.get(ref) ?? [])].sort(),
    };
  }

  #resource(ref: string, facts: ResourceFacts): ResourceFacts {
    const told = [...(this.#needsOf.get(ref) ?? [])].map((to): RelationFacts => ({ type: 'depends_on', to }));
    const known = new Set(facts.relations.map(keyOfRelation));
    return {
      ...facts,
      relations: inOrder([...facts.relations, ...told.filter((one) => !known.has(keyOfRelation(one)))]),
    };
  }

  #member(user: string, team: string): void {
    if (partsOf(user).kind !== 'user' || partsOf(team).kind !== 'group') return;
    add(this.#teamsOf, user, team);
    add(this.#membersOf, team, user);
  }

  /** What a team says of its own parent goes before what another says of its children. */
  #adopt(child: string, parent: string): void {
    const facts = this.said.get(child);
    if (facts?.is !== 'team') add(this.#childrenOf, parent, child);
    else if (facts.parent === null && !this.#parentOf.has(child)) this.#child(child, parent);
  }

  #child(child: string, parent: string): void {
    this.#parentOf.set(child, parent);
    add(this.#childrenOf, parent, child);
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}

/** In one order, so that the same is always said the same way. */
const merged = (own: readonly string[], told: ReadonlySet<string> | undefined): string[] =>
  [...new Set([...own, ...(told ?? [])])].sort();
