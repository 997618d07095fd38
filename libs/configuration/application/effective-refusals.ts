import { fromPointer, parseDottedPath, toPointer } from '../domain/dotted-path.js';
import { BREACHES_MAX, EffectiveInvalid, FinalKeyOverridden } from '../domain/effective/errors.js';
import type { Breach, BrokenPlace } from '../domain/effective/errors.js';
import type { Layer } from '../domain/effective/layer.js';
import { SavedSources, isWithin, placeIn } from '../domain/effective/saved-source.js';
import type { SavedPlace } from '../domain/effective/saved-source.js';
import { isOf } from '../domain/effective/select-layers.js';
import type { ConfigurationState } from '../domain/configuration-state.js';
import type { LayerChange } from './layer-change.js';
import type { NewProblem, Sighting, WantedCheck } from './effective-review.js';
import type { SchemaViolation } from './schema-validation.js';

/** What a document breaks, and where it was seen. */
interface Finding extends Sighting {
  readonly name: string;
  /** JSON Pointer into the document. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  /** Where it comes from in what is saved. */
  readonly source: SavedPlace | null;
}

/** Says what is wrong with effective documents in the terms of what was saved. */
export class EffectiveRefusals {
  readonly #saved: ReadonlyMap<string, ConfigurationState>;
  readonly #breaches: Breach[] = [];
  readonly #places: BrokenPlace[] = [];

  constructor(private readonly changes: readonly LayerChange[]) {
    this.#saved = new Map(changes.flatMap(({ after }) => (after ? [[after.id, after]] : [])));
  }

  /** @throws FinalKeyOverridden, EffectiveInvalid when there are problems */
  expectNone(problems: readonly NewProblem[]): void {
    const finals = problems.filter(({ problem }) => problem.code === 'final_key');
    if (finals.length > 0) throw this.#finalKeyOverridden(finals);
    if (problems.length === 0) return;
    throw this.#invalid(
      problems.map(({ problem, ...sighting }) => {
        const { name, pointer, code, detail, configurationId } = problem;
        const state = this.#saved.get(configurationId);
        const source = state ? placeIn(state, fromPointer(pointer)) : null;
        return { ...sighting, name, pointer, code, detail, source };
      }),
    );
  }

  /** As many are noted as a refusal tells. */
  get isFull(): boolean {
    return this.#breaches.length >= BREACHES_MAX;
  }

  /** What documents break; the violations are in the order of the checks. */
  note(checks: readonly WantedCheck[], violations: readonly (readonly SchemaViolation[])[]): void {
    for (const [index, { check: _, ...sighting }] of checks.entries()) {
      const broken = violations[index] ?? [];
      if (broken.length === 0) continue;
      const sources = new SavedSources(this.#saved, sighting.affected.after.layers);
      for (const { pointer, keyword: code, detail } of broken) {
        const source = sources.find(sighting.name, pointer);
        const finding = { ...sighting, pointer, code, detail, source };
        this.#breaches.push(this.#breach(finding));
        this.#places.push(placeOf(finding));
      }
      if (this.isFull) return;
    }
  }

  /** @throws EffectiveInvalid when something was noted */
  expectValid(): void {
    if (this.#breaches.length > 0)
      throw new EffectiveInvalid(distinct(this.#breaches), distinct(this.#places));
  }

  #invalid(findings: readonly Finding[]): EffectiveInvalid {
    return new EffectiveInvalid(
      distinct(findings.map((finding) => this.#breach(finding))),
      distinct(findings.map(placeOf)),
    );
  }

  /** What none of the saved ones says by itself is said of the one that is nearest, with the place in words. */
  #breach(finding: Finding): Breach {
    const { source, code, detail } = finding;
    if (source && source.pointer !== '/values') return { ...source, code, detail };
    const words = `${wordsOf(finding)}: ${detail}`;
    return { ...(source ?? this.#nearest(finding)), code, detail: words };
  }

  #nearest({
    service,
    name,
    affected: { place },
  }: Finding): SavedPlace | { configurationId: null; pointer: string } {
    const here = this.changes.filter(({ before, after }) =>
      [before, after].some((state) => state?.service === service && isOf(state, place)),
    );
    const nearest = here.find(({ before, after }) => (after ?? before)?.name === name) ?? here[0];
    const state = nearest?.after ?? nearest?.before;
    if (!state) return { configurationId: null, pointer: '' };
    return { configurationId: state.id, pointer: nearest?.after ? '/values' : '' };
  }

  #finalKeyOverridden(problems: readonly NewProblem[]): FinalKeyOverridden {
    const told = problems.map((each) => this.#finalKey(each));
    return new FinalKeyOverridden(distinct(told.map(({ breach }) => breach)), told[0]?.layer ?? null);
  }

  #finalKey({ problem, affected }: NewProblem): { breach: Breach; layer: Layer | null } {
    const { configurationId, offendedId, pointer, code, detail } = problem;
    const layerOf = (id: string | null): Layer | null =>
      affected.after.layers.find((layer) => layer.configurationId === id) ?? null;
    const above = this.#saved.get(configurationId);
    if (above) {
      const layer = layerOf(offendedId);
      const words = layer ? `${detail} ${nameOf(layer)} says so.` : detail;
      return { breach: { ...placeIn(above, fromPointer(pointer)), code, detail: words }, layer };
    }
    const below = this.#saved.get(offendedId ?? '');
    const layer = layerOf(configurationId);
    const index = below?.finalKeys.findIndex((key) =>
      isWithin(toPointer(parseDottedPath(key) ?? []), pointer),
    );
    return {
      breach: {
        configurationId: offendedId,
        pointer: index === undefined || index < 0 ? '/final_keys' : `/final_keys/${index}`,
        code,
        detail: `${layer ? nameOf(layer) : 'A layer above'} sets it.`,
      },
      layer,
    };
  }
}

/** Each once, and no more than a refusal tells. */
function distinct<T>(all: readonly T[]): T[] {
  const byText = new Map(all.map((each) => [JSON.stringify(each), each]));
  return [...byText.values()].slice(0, BREACHES_MAX);
}

const placeOf = ({ service, name, pointer, from, affected: { place } }: Finding): BrokenPlace => ({
  service,
  ...place,
  name,
  pointer,
  from,
});

const wordsOf = ({ name, pointer, affected: { place } }: Finding): string =>
  `"${name}"${pointer === '' ? '' : ` at ${pointer}`} in "${place.environment}"${place.tenant === null ? '' : ` for "${place.tenant}"`}`;

const nameOf = ({ tenant, environment, name }: Layer): string =>
  `The ${tenant === null ? 'shared layer' : `layer of "${tenant}"`} of "${name}" in "${environment}"`;
