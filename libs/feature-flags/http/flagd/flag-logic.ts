import { isDeepStrictEqual } from 'node:util';
import type {
  Circumstances,
  Condition,
  FlagDefinition,
  FlagInput,
  FlagValue,
  SegmentInput,
  TargetingRule,
} from '#flag-evaluator';
import { attributeLogic } from './condition-logic.js';
import { BUCKETS, drawLogic, isInside, keyLogic, NO_KEY } from './key-logic.js';
import { allOf, anyOf, firstOf, INLINE, not, NotInFlagd, sizeOf } from './logic.js';
import type { Evaluators, Logic, Step } from './logic.js';
import { byTime, stretchesOf } from './time-logic.js';
import { VariantNames } from './variant-names.js';

const REFERENCES_DEEP_MAX = 20;
const SIZE_MAX = 262_144;

/** Flags and segments that were written with each other in view. */
export interface Layer {
  readonly flags: ReadonlyMap<string, FlagInput>;
  readonly segments: ReadonlyMap<string, SegmentInput>;
  /** Where names are looked for that are not found here. */
  readonly below: Layer | null;
}

/** What a flag does, as flagd says it. */
export interface FlagLogic {
  readonly variants: ReadonlyMap<string, FlagValue>;
  /** Null: the default in the caller's code. */
  readonly defaultVariant: string | null;
  /** Gives the name of a variant, or null as above. */
  readonly outcome: Logic;
}

/** Where something stands whose logic is made. */
interface Place {
  readonly layer: Layer;
  readonly depth: number;
}

/** What the parts of one flag's logic have in common. */
interface Making {
  readonly place: Place;
  readonly definition: FlagDefinition;
  readonly names: VariantNames;
  readonly usual: string | null;
  readonly key: Logic;
}

/** Makes the logic of flags for one tenant and environment, from one instant on. */
export class FlagLogics {
  readonly #made = new Map<FlagInput, FlagLogic>();
  readonly #segments = new Map<SegmentInput, Logic>();
  /** For what stands inside of an evaluator. */
  private readonly inner: FlagLogics;

  constructor(
    private readonly at: Circumstances,
    private readonly evaluators: Evaluators,
  ) {
    this.inner = evaluators === INLINE ? this : new FlagLogics(at, INLINE);
  }

  /** @throws NotInFlagd */
  of(flag: FlagInput, layer: Layer, depth = 0): FlagLogic {
    const made = this.#made.get(flag);
    if (made) return made;
    expectNear(depth);
    const logic = this.#make(flag.definition, { layer, depth });
    expectSmall(logic.outcome);
    this.#made.set(flag, logic);
    return logic;
  }

  /** In the published order. */
  #make(definition: FlagDefinition, place: Place): FlagLogic {
    const { tenant, environment } = this.at;
    const { environmentOverrides, tenantOverrides, expiresAt, prerequisites, targetingRules } = definition;
    const override = (environment === null ? undefined : environmentOverrides[environment]) ?? {};
    const own = tenant === null ? undefined : tenantOverrides[tenant];
    const value = override.defaultValue ?? definition.defaultValue;
    const names = new VariantNames(definition);
    const usual = value === null ? null : names.of(value, 'default');
    const key = keyLogic(definition.bucketBy, this.evaluators);
    const making: Making = { place, definition, names, usual, key };
    const stretches = stretchesOf(definition, override, this.at.now);
    const isOff = stretches.map(({ from, isEnabled }) => ({ from, logic: !isEnabled }));
    const expiry = expiresAt === null ? [] : [{ from: expiresAt, logic: true }];
    const everyone = own ?? override.value;
    const steps: Step[] = [
      [byTime([{ from: -Infinity, logic: false }, ...expiry], this.at.now), usual],
      [byTime(isOff, this.at.now), usual],
      ...prerequisites.map(({ flag, equals }): Step => [not(this.#serves(flag, equals, place)), usual]),
      ...(everyone === undefined ? [] : [[true, names.of(everyone, 'override')] satisfies Step]),
      ...[...targetingRules].sort((a, b) => a.priority - b.priority).map((rule) => this.#rule(rule, making)),
    ];
    const rollout = byTime(
      stretches.map(({ from, threshold }) => ({ from, logic: this.#rollout(threshold, making) })),
      this.at.now,
    );
    return { variants: names.all, defaultVariant: usual, outcome: firstOf(steps, rollout) };
  }

  #rule({ id, conditions, result, variant, rolloutPercentage }: TargetingRule, making: Making): Step {
    const { definition, names, usual, key, place } = making;
    const threshold = Math.round((rolloutPercentage ?? 100) * 1000);
    const answer = variant ?? (result === null ? usual : names.of(result, `rule-${id}`));
    if (threshold <= 0) return [false, usual];
    const holds = conditions.map((condition) => this.#condition(condition, place));
    if (threshold >= BUCKETS) return [allOf(holds), answer];
    const isKeyless: Logic = { '===': [key, NO_KEY] };
    const isDrawn = isInside(definition.salt, key, threshold);
    return [allOf([...holds, anyOf([isKeyless, isDrawn])]), { if: [isKeyless, usual, answer] }];
  }

  #rollout(threshold: number, { definition, names, usual, key }: Making): Logic {
    const { rolloutValue, type, salt, variants } = definition;
    const value = rolloutValue ?? (type === 'boolean' ? true : null);
    const answer = value === null ? usual : names.of(value, 'rollout');
    if (threshold <= 0) return usual;
    if (threshold >= BUCKETS && variants.length === 0) return answer;
    return firstOf(
      [
        [{ '===': [key, NO_KEY] }, usual],
        [threshold < BUCKETS && not(isInside(salt, key, threshold)), usual],
      ],
      variants.length === 0 ? answer : splitLogic(definition, key),
    );
  }

  #condition(condition: Condition, place: Place): Logic {
    if ('attribute' in condition) return attributeLogic(condition, this.evaluators);
    if ('any' in condition) return anyOf(condition.any.map((inner) => this.#condition(inner, place)));
    if ('all' in condition) return allOf(condition.all.map((inner) => this.#condition(inner, place)));
    if ('not' in condition) return not(this.#condition(condition.not, place));
    if ('flag' in condition) return this.#serves(condition.flag, condition.equals, place);
    return this.#isIn(condition.segment, place);
  }

  /** Whether another flag serves a value to the same caller. */
  #serves(name: string, equals: FlagValue, { layer, depth }: Place): Logic {
    const home = homeOf(layer, 'flags', name);
    const flag = home?.flags.get(name);
    if (!home || !flag) return false;
    const { variants, outcome } = this.of(flag, home, depth + 1);
    const served = [...variants].filter(([, value]) => isDeepStrictEqual(value, equals)).map(([one]) => one);
    if (typeof outcome === 'string' || outcome === null) return outcome !== null && served.includes(outcome);
    return served.length === 0 ? false : { in: [outcome, served] };
  }

  #isIn(name: string, { layer, depth }: Place): Logic {
    const home = homeOf(layer, 'segments', name);
    const segment = home?.segments.get(name);
    if (!home || !segment) return false;
    const logic = this.#segments.get(segment) ?? this.#membership(segment, { layer: home, depth: depth + 1 });
    this.#segments.set(segment, logic);
    if (typeof logic === 'boolean') return logic;
    return this.evaluators.use(home.below === null ? `segment-${name}` : `own-segment-${name}`, logic);
  }

  #membership({ definition: { include, exclude, conditions } }: SegmentInput, place: Place): Logic {
    expectNear(place.depth);
    const key = keyLogic(null, INLINE);
    const isNamed = (keys: readonly string[]): Logic => keys.length > 0 && { in: [key, keys] };
    const holds = conditions.map((condition) => this.inner.#condition(condition, place));
    const logic = allOf([
      not(isNamed(exclude)),
      anyOf([isNamed(include), conditions.length > 0 && allOf(holds)]),
    ]);
    expectSmall(logic);
    return logic;
  }
}

/** @throws NotInFlagd */
function expectNear(depth: number): void {
  if (depth > REFERENCES_DEEP_MAX)
    throw new NotInFlagd('too_deep', `More than ${REFERENCES_DEEP_MAX} depend on each other in a row.`);
}

/** @throws NotInFlagd */
function expectSmall(logic: Logic): void {
  if (sizeOf(logic) > SIZE_MAX)
    throw new NotInFlagd('too_large', 'With all that it refers to it is too large.');
}

function homeOf(layer: Layer, kind: 'flags' | 'segments', name: string): Layer | null {
  for (let home: Layer | null = layer; home !== null; home = home.below)
    if (home[kind].has(name)) return home;
  return null;
}

/** Among the variants, by their own draw. */
function splitLogic({ variants, salt }: FlagDefinition, key: Logic): Logic {
  const shares = variants
    .flatMap(({ name, ranges }) => ranges.map(({ from, until }) => ({ name, from, size: until - from })))
    .sort((a, b) => a.from - b.from);
  const isWhole = shares.reduce((end, { from, size }) => (from === end ? end + size : NaN), 0) === BUCKETS;
  if (!isWhole) throw new NotInFlagd('variants', 'Its variants do not share all buckets.');
  const [only, ...more] = shares;
  if (only && more.length === 0) return only.name;
  return drawLogic(`${salt}:variant:`, key, shares);
}
