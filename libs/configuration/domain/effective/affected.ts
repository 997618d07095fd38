import { BASE } from '../identity.js';
import { effectiveOf } from './effective.js';
import type { EffectiveDocuments } from './effective-documents.js';
import type { Layer, Place } from './layer.js';
import { referencesIn } from './references.js';
import { instantsFrom, isEffective, isOf, layersAt } from './select-layers.js';
import { traitsOf } from './traits.js';

/** The active layers of a service before a change and after it; those that stay are the same objects in both. */
export interface LayerSets {
  readonly before: readonly Layer[];
  readonly after: readonly Layer[];
}

/** The documents of a place that a change may make otherwise, from an instant to the next one that is told of the place. */
export interface Affected {
  readonly place: Place;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** The documents that may differ, and what they refer to. */
  readonly before: EffectiveDocuments;
  readonly after: EffectiveDocuments;
  /** Names of those that may differ. */
  readonly names: readonly string[];
}

/**
 * What a change may make otherwise from now on, now and at each boundary to come: in each environment that has layers, in
 * `base` for all that have none, for what is shared and for each tenant that has layers of its own in it. The work for a
 * tenant grows with the tenant's layers and the shared ones alone.
 */
export function* affectedBy(sets: LayerSets, now: number): Generator<Affected> {
  const changed = changedLayers(sets);
  if (changed.length === 0) return;
  const { names, needed } = reach(sets, new Set(changed.map(({ name }) => name)));
  const owned = byTenant(sets, needed);
  const shared = owned.get(null) ?? NONE;
  const isShared = changed.some(({ tenant }) => tenant === null);
  const tenants = isShared ? new Set([null, ...owned.keys()]) : new Set(changed.map(({ tenant }) => tenant));
  for (const tenant of tenants) {
    const own = tenant === null ? NONE : (owned.get(tenant) ?? NONE);
    const visible = {
      before: [...shared.before, ...own.before],
      after: [...shared.after, ...own.after],
    };
    for (const environment of environmentsOf(visible)) {
      const place = { tenant, environment };
      const moving = changed.filter((layer) => isOf(layer, place));
      if (moving.length > 0) yield* affectedAt({ place, visible, moving, names, now });
    }
  }
}

interface PlaceChange {
  readonly place: Place;
  readonly visible: LayerSets;
  /** The layers that change and can take part here. */
  readonly moving: readonly Layer[];
  readonly names: readonly string[];
  readonly now: number;
}

function* affectedAt({ place, visible, moving, names, now }: PlaceChange): Generator<Affected> {
  const instants = new Set([
    ...instantsFrom(visible.before, place, now),
    ...instantsFrom(visible.after, place, now),
  ]);
  for (const at of [...instants].sort((a, b) => a - b)) {
    if (!moving.some((layer) => isEffective(layer, at))) continue;
    const before = effectiveOf(layersAt(visible.before, place, at));
    const after = effectiveOf(layersAt(visible.after, place, at));
    yield { place, at, before, after, names };
  }
}

function changedLayers({ before, after }: LayerSets): Layer[] {
  const earlier = new Set(before);
  const later = new Set(after);
  return [...before.filter((layer) => !later.has(layer)), ...after.filter((layer) => !earlier.has(layer))];
}

/** The documents that may become otherwise with those of these names, and all that is needed to make them. */
function reach(
  { before, after }: LayerSets,
  changed: ReadonlySet<string>,
): { names: string[]; needed: ReadonlySet<string> } {
  const uses = new Map<string, Set<string>>();
  const usedBy = new Map<string, Set<string>>();
  for (const { name, values } of new Set([...before, ...after])) {
    if (!traitsOf(values).hasReferences) continue;
    for (const reference of referencesIn(values)) {
      addTo(uses, name, reference.name);
      addTo(usedBy, reference.name, name);
    }
  }
  const names = closure(changed, usedBy);
  return { names: [...names].sort(), needed: closure(names, uses) };
}

function closure(start: ReadonlySet<string>, next: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reached = new Set(start);
  for (const name of reached) for (const other of next.get(name) ?? []) reached.add(other);
  return reached;
}

function addTo(sets: Map<string, Set<string>>, name: string, member: string): void {
  const set = sets.get(name);
  if (set) set.add(member);
  else sets.set(name, new Set([member]));
}

interface OwnSets extends LayerSets {
  readonly before: Layer[];
  readonly after: Layer[];
}

const NONE: LayerSets = { before: [], after: [] };

function byTenant({ before, after }: LayerSets, needed: ReadonlySet<string>): Map<string | null, OwnSets> {
  const owned = new Map<string | null, OwnSets>();
  const setsOf = (tenant: string | null): OwnSets => {
    const sets = owned.get(tenant) ?? { before: [], after: [] };
    owned.set(tenant, sets);
    return sets;
  };
  for (const layer of before) if (needed.has(layer.name)) setsOf(layer.tenant).before.push(layer);
  for (const layer of after) if (needed.has(layer.name)) setsOf(layer.tenant).after.push(layer);
  return owned;
}

const environmentsOf = ({ before, after }: LayerSets): Set<string> =>
  new Set([
    BASE,
    ...before.map(({ environment }) => environment),
    ...after.map(({ environment }) => environment),
  ]);
