import type { Violation } from '#shared-kernel';
import { RELATION_TYPES } from '../relation.js';
import type { RelationType } from '../relation.js';
import { isMembers, mistake, namespaceOf } from './entity.js';
import type { Entity, Kind, Members } from './entity.js';
import { parseRef, partsOf, shortRef } from './entity-ref.js';
import type { RefDefaults } from './entity-ref.js';
import type { RelationFacts } from './facts.js';
import { own } from './own-annotations.js';

/** A member of `spec` that names one other entity, or a list of them. */
interface RelationField {
  readonly name: string;
  readonly type: RelationType;
  /** Of what kind the other is unless it is said; null: it always is. */
  readonly kind: string | null;
  readonly isList: boolean;
}

const SYSTEM = { name: 'system', type: 'part_of', kind: 'system', isList: false } as const;
const DEPENDS_ON = { name: 'dependsOn', type: 'depends_on', kind: null, isList: true } as const;
/** From Backstage's own descriptions of these kinds. */
const FIELDS: Partial<Record<Kind, readonly RelationField[]>> = {
  Component: [
    SYSTEM,
    { name: 'subcomponentOf', type: 'part_of', kind: 'component', isList: false },
    DEPENDS_ON,
    { name: 'providesApis', type: 'provides_api', kind: 'api', isList: true },
    { name: 'consumesApis', type: 'consumes_api', kind: 'api', isList: true },
  ],
  API: [SYSTEM],
  Resource: [SYSTEM, DEPENDS_ON],
  System: [{ name: 'domain', type: 'part_of', kind: 'domain', isList: false }],
  Domain: [{ name: 'subdomainOf', type: 'part_of', kind: 'domain', isList: false }],
};
const DEPENDENTS = 'dependencyOf';
const HAVE_DEPENDENTS: readonly string[] = ['Component', 'Resource'];

export const keyOfRelation = ({ type, to }: RelationFacts): string => `${type} ${to}`;

/** What was read, and what cannot be. */
export interface RefReading<T> {
  readonly value: T;
  readonly violations: readonly Violation[];
}

/** A list of references, or none where it is not there. */
export function readRefs(value: unknown, pointer: string, defaults: RefDefaults): RefReading<string[]> {
  if (value === undefined || value === null) return { value: [], violations: [] };
  if (!Array.isArray(value))
    return { value: [], violations: [mistake(pointer, 'type', 'It must be a list.')] };
  const read = value.map((item: unknown, index) => readRef(item, `${pointer}/${index}`, defaults));
  const refs = read.flatMap(({ value: ref }) => (ref === null ? [] : [ref]));
  return { value: [...new Set(refs)], violations: read.flatMap(({ violations }) => violations) };
}

/** One reference; null where there is none. */
export function readRef(value: unknown, pointer: string, defaults: RefDefaults): RefReading<string | null> {
  if (value === undefined || value === null) return { value: null, violations: [] };
  const ref = parseRef(value, defaults);
  const detail = 'It is a reference: [kind:][namespace/]name.';
  return { value: ref, violations: ref === null ? [mistake(pointer, 'reference', detail)] : [] };
}

/** What the entity says of its relations, wherever it says so. */
export function readRelations(entity: Entity): RefReading<RelationFacts[]> {
  const namespace = namespaceOf(entity);
  const violations: Violation[] = [];
  const found = new Map<string, RelationFacts>();
  const note = (type: RelationType, refs: readonly string[]): void => {
    for (const to of refs) found.set(keyOfRelation({ type, to }), { type, to });
  };
  for (const { name, type, kind, isList } of fieldsOf(entity)) {
    const given = entity.spec[name];
    const pointer = `/spec/${name}`;
    const read = isList
      ? readRefs(given, pointer, { kind, namespace })
      : readRefs(given === undefined ? given : [given], pointer, { kind, namespace });
    violations.push(...read.violations.map((one) => (isList ? one : { ...one, pointer })));
    note(type, read.value);
  }
  const others = readOthers(entity);
  violations.push(...others.violations);
  for (const { type, to } of others.value) note(type, [to]);
  return { value: inOrder([...found.values()]), violations };
}

/** Those for which the kind has no member. */
function readOthers(entity: Entity): RefReading<RelationFacts[]> {
  const { value, pointer, violations } = own(entity, 'relations');
  if (value === undefined) return { value: [], violations };
  const isList = Array.isArray(value) && value.every(isMembers);
  const detail = 'It is a list of {"type", "to"} in JSON, the type one of ';
  const wrong = [mistake(pointer, 'choice', `${detail}${RELATION_TYPES.join(', ')}.`)];
  if (!isList) return { value: [], violations: wrong };
  const read = (value as Members[]).map(({ type, to }) => {
    const known = RELATION_TYPES.find((one) => one === type);
    const ref = parseRef(to, { kind: null, namespace: namespaceOf(entity) });
    return known && ref !== null ? { type: known, to: ref } : null;
  });
  const right = read.filter((one) => one !== null);
  return { value: right, violations: right.length === read.length ? [] : wrong };
}

export function readDependents(entity: Entity): RefReading<string[]> {
  if (!HAVE_DEPENDENTS.includes(entity.kind)) return { value: [], violations: [] };
  return readRefs(entity.spec[DEPENDENTS], `/spec/${DEPENDENTS}`, dependentDefaults(entity));
}

const dependentDefaults = (entity: Entity): RefDefaults => ({ kind: null, namespace: namespaceOf(entity) });

/** The members of `spec`, and what is left for an annotation, that say exactly these relations; undefined removes one. */
export interface WrittenRelations {
  readonly spec: Members;
  readonly others: readonly RelationFacts[];
}

/** What the entity says already stays as it is written. */
export function writeRelations(entity: Entity, wanted: readonly RelationFacts[]): WrittenRelations {
  const namespace = namespaceOf(entity);
  const left = new Map(inOrder(wanted).map((relation) => [keyOfRelation(relation), relation]));
  const spec: Record<string, unknown> = {};
  for (const field of fieldsOf(entity)) {
    const { name, type, kind, isList } = field;
    const defaults = { kind, namespace };
    const kept = [entity.spec[name]].flat().filter((ref) => {
      const to = parseRef(ref, defaults);
      return to !== null && left.delete(keyOfRelation({ type, to }));
    });
    const fitting = [...left.values()].filter((one) => one.type === type && fits(one.to, field));
    const added = isList ? fitting : fitting.slice(0, kept.length === 0 ? 1 : 0);
    for (const one of added) left.delete(keyOfRelation(one));
    const refs = [...kept, ...added.map(({ to }) => shortRef(to, defaults))];
    spec[name] = isList ? listOrNone(refs, entity.spec[name]) : refs[0];
  }
  return { spec, others: [...left.values()] };
}

/** Those of its dependents that are there still. */
export function writeDependents(entity: Entity, wanted: readonly string[]): Members {
  if (!HAVE_DEPENDENTS.includes(entity.kind)) return {};
  return { [DEPENDENTS]: writeRefs(entity.spec[DEPENDENTS], wanted, dependentDefaults(entity)) };
}

/** A list of exactly these; what is written already stays as it is. */
export function writeRefs(written: unknown, wanted: readonly string[], defaults: RefDefaults): unknown {
  const left = new Set([...wanted].sort());
  const kept = [written].flat().filter((ref) => {
    const to = parseRef(ref, defaults);
    return to !== null && left.delete(to);
  });
  return listOrNone([...kept, ...[...left].map((ref) => shortRef(ref, defaults))], written);
}

/** An empty list stays one. */
const listOrNone = (refs: unknown[], written: unknown): unknown[] | undefined =>
  refs.length > 0 || Array.isArray(written) ? refs : undefined;

const fieldsOf = ({ kind }: Entity): readonly RelationField[] => FIELDS[kind as Kind] ?? [];

/** Whether a reader of the member expects such a one there. */
const fits = (to: string, { kind }: RelationField): boolean => kind === null || partsOf(to).kind === kind;

export const inOrder = (relations: readonly RelationFacts[]): RelationFacts[] =>
  [...relations].sort((one, other) => (keyOfRelation(one) < keyOfRelation(other) ? -1 : 1));
