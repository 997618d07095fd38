import fc from 'fast-check';
import { describe as described } from './describe.js';
import {
  clean,
  entities,
  entity,
  KINDS,
  namespace,
  orNull,
  refTo,
  resource,
  team,
  user,
} from '../../testing/descriptors.js';
import { readEntity, refOf } from './entity.js';
import type { Entity } from './entity.js';
import { factsOf } from './entity-facts.js';
import { EntityNames, undescribedResource, undescribedTeam, undescribedUser } from './entity-names.js';
import { parseRef, shortRef } from './entity-ref.js';
import type { Facts } from './facts.js';
import { inNormalForm } from './normal-form.js';

function factsIn(one: Entity): Facts {
  const { facts, violations } = factsOf(one);
  expect(violations).toEqual([]);
  return facts;
}

const sorted = (facts: Facts): Facts =>
  facts.is === 'resource'
    ? {
        ...facts,
        relations: [...facts.relations].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        dependents: [...facts.dependents].sort(),
      }
    : facts;

const skeletonOf = (facts: Facts): Entity => {
  const names = new EntityNames(new Set());
  if (facts.is === 'user') return names.nameFor(undescribedUser(facts.email));
  return names.nameFor(facts.is === 'team' ? undescribedTeam(facts.slug) : undescribedResource(facts));
};

it('says everything of what was made by hand', () => {
  fc.assert(
    fc.property(fc.oneof(resource, team, user), (facts) => {
      const written = clean(described(facts, skeletonOf(facts))) as Entity;
      const read = readEntity(written);
      expect(read).toEqual({ entity: written });
      expect(sorted(factsIn(written))).toEqual(sorted(facts));
    }),
    { numRuns: 1000 },
  );
});

it('gives back the very entity that nothing changed', () => {
  fc.assert(
    fc.property(entity, (one) => expect(described(factsIn(one), one)).toEqual(one)),
    { numRuns: 1000 },
  );
});

it('says what changed since, and keeps what the catalog has no place for', () => {
  const change = fc
    .tuple(entity, resource, team, user)
    .map(([one, ...made]) => [one, made.find(({ is }) => is === factsOf(one).facts.is)] as const);
  fc.assert(
    fc.property(change, ([one, facts]) => {
      const wanted = facts as Facts;
      const next = clean(described(wanted, one)) as Entity;
      expect(sorted(factsIn(next))).toEqual(sorted(wanted));
      expect([
        next.metadata.name,
        next.metadata['tags'],
        next.spec['definition'],
        next.spec['other'],
      ]).toEqual([one.metadata.name, one.metadata['tags'], one.spec['definition'], one.spec['other']]);
    }),
    { numRuns: 1000 },
  );
});

it('has one normal form, whatever the order', () => {
  const law = fc.property(entities, fc.func(fc.integer()), (all, rank) => {
    const once = [...inNormalForm(all)];
    expect([...inNormalForm(once.map((one) => one.entity))]).toEqual(once);
    const shuffled = [...inNormalForm([...all].sort((a, b) => rank(refOf(a)) - rank(refOf(b))))];
    const byRef = (list: readonly { ref: string; facts: Facts }[]) =>
      Object.fromEntries(list.map((one) => [one.ref, sorted(one.facts)]));
    const parents = (list: readonly { facts: Facts }[]) =>
      list.filter(({ facts }) => facts.is === 'team').length;
    expect(parents(shuffled)).toBe(parents(once));
    expect(Object.keys(byRef(shuffled)).sort()).toEqual(Object.keys(byRef(once)).sort());
    expect(byRef(shuffled)).toEqual(byRef(once));
  });
  fc.assert(law, { numRuns: 500 });
});

it('gives each thing a name of its own, and the same again', () => {
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 30 }), (all) => {
      const unique = [...new Map(all.map((one) => [undescribedResource(one).mark, one])).values()];
      const named = () => {
        const names = new EntityNames(new Set(['component:default/a']));
        return unique.map((one) => names.nameFor(undescribedResource(one)));
      };
      const refs = named().map(refOf);
      expect(new Set([...refs, 'component:default/a']).size).toBe(unique.length + 1);
      expect(named().map(refOf)).toEqual(refs);
      for (const one of named()) expect(readEntity(one)).toEqual({ entity: one });
    }),
  );
});

it('reads a short reference as the whole one', () => {
  const defaults = fc.record({ kind: orNull(fc.constantFrom(...KINDS)), namespace });
  fc.assert(
    fc.property(refTo(KINDS), defaults, (ref, from) => expect(parseRef(shortRef(ref, from), from)).toBe(ref)),
  );
});
