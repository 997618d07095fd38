import { sameJson } from '#shared-kernel';
import { affectedBy } from '../domain/effective/affected.js';
import type { Affected, LayerSets } from '../domain/effective/affected.js';
import type { EffectiveDocuments, EffectiveProblem } from '../domain/effective/effective-documents.js';
import { BREACHES_MAX } from '../domain/effective/errors.js';
import { memberOf } from '../domain/json.js';
import type { JsonObject } from '../domain/json.js';
import { AFFECTED_MAX } from './layer-change.js';
import type { AffectedResult } from './layer-change.js';
import type { SchemaCheck } from './schema-validation.js';

/** Where something was seen. */
export interface Sighting {
  readonly service: string;
  readonly affected: Affected;
  /** Null is from now on. */
  readonly from: number | null;
}

/** A problem that was not there before. */
export interface NewProblem extends Sighting {
  readonly problem: EffectiveProblem;
}

/** A document that has to be held against a schema. */
export interface WantedCheck extends Sighting {
  readonly name: string;
  readonly check: SchemaCheck;
}

/** One document at one instant, before a change and after it. */
interface Result {
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly isOther: boolean;
  readonly schemaIds: readonly string[];
}

/** Looks through everything that a change may make otherwise, and notes what is otherwise and what has to be checked. */
export class EffectiveReview {
  /** One more than are told, when there are more. */
  readonly results: AffectedResult[] = [];
  readonly problems: NewProblem[] = [];
  #checks: WantedCheck[] = [];

  constructor(private readonly now: number) {}

  /** What has to be checked; each is given once. */
  takeChecks(): readonly WantedCheck[] {
    const checks = this.#checks;
    this.#checks = [];
    return checks;
  }

  /**
   * Step by step, one for each place and instant: there may be many, and nothing is kept of those that are done. Gives how
   * many documents have to be checked and were not taken yet.
   */
  *look(service: string, sets: LayerSets): Generator<number> {
    let last: Affected | null = null;
    let lastResults = new Map<string, Result>();
    for (const affected of affectedBy(sets, this.now)) {
      if (this.problems.length >= BREACHES_MAX) return; // It is refused, and no more is told.
      const sighting = { service, affected, from: affected.at === this.now ? null : affected.at };
      this.#noteProblems(sighting);
      if (affected.place !== last?.place) lastResults = new Map();
      last = affected;
      for (const name of affected.names) {
        const result = resultOf(affected, name);
        this.#note(sighting, name, { result, last: lastResults.get(name) });
        lastResults.set(name, result);
      }
      yield this.#checks.length;
    }
  }

  #noteProblems(sighting: Sighting): void {
    const { before, after } = sighting.affected;
    if (after.problems.length === 0) return;
    const known = new Set(before.problems.map(keyOf));
    for (const problem of after.problems) {
      if (!known.has(keyOf(problem))) this.problems.push({ ...sighting, problem });
    }
  }

  /** What goes on as it was told of the instant before is not told again. */
  #note(
    sighting: Sighting,
    name: string,
    { result, last }: { readonly result: Result; readonly last: Result | undefined },
  ): void {
    const { service, affected, from } = sighting;
    const { before, after, isOther, schemaIds } = result;
    const isAsLast = last !== undefined && sameJson(after, last.after);
    if (isOther && !(isAsLast && last.isOther && sameJson(before, last.before))) {
      if (this.results.length <= AFFECTED_MAX)
        this.results.push({ service, ...affected.place, name, from, before, after });
    }
    if (after === null) return;
    const checked = isAsLast ? last.schemaIds : [];
    const secretsAt = schemaIds.length > 0 ? secretPlaces(affected.after, name) : [];
    for (const schemaId of schemaIds) {
      if (checked.includes(schemaId)) continue;
      this.#checks.push({ ...sighting, name, check: { schemaId, document: after, secretsAt } });
    }
  }
}

function resultOf({ before: earlier, after: later }: Affected, name: string): Result {
  const before = documentOf(earlier, name);
  const after = documentOf(later, name);
  const isOther = !sameJson(before, after);
  const known = isOther ? [] : schemasOf(earlier, name);
  return { before, after, isOther, schemaIds: schemasOf(later, name).filter((id) => !known.includes(id)) };
}

/** Names are such that each is an own member or none. */
const documentOf = ({ values }: EffectiveDocuments, name: string): JsonObject | null =>
  (memberOf(values, name) as JsonObject | undefined) ?? null;

const schemasOf = ({ layers }: EffectiveDocuments, name: string): string[] => [
  ...new Set(layers.flatMap((layer) => (layer.name === name ? (layer.schemaId ?? []) : []))),
];

const secretPlaces = ({ secrets, secretTexts }: EffectiveDocuments, name: string): string[] =>
  [...secrets, ...secretTexts].flatMap((secret) => (secret.name === name ? secret.pointer : []));

const keyOf = ({ code, name, pointer, configurationId, offendedId }: EffectiveProblem): string =>
  JSON.stringify([code, name, pointer, configurationId, offendedId]);
