import type { Circumstances, FlagInput, FlagValue, Json } from '#flag-evaluator';
import type { FlagContentLayer, LayeredFlagContent } from '../../application/live-flag-sets.js';
import { FlagLogics } from './flag-logic.js';
import type { FlagLogic, Layer } from './flag-logic.js';
import { NotInFlagd, sizeOf } from './logic.js';
import type { Evaluators, Logic } from './logic.js';

/** A flag as flagd has it: https://flagd.dev/reference/flag-definitions/ */
export interface FlagdFlag {
  readonly state: 'ENABLED';
  readonly variants: Readonly<Record<string, FlagValue>>;
  /** Absent: the default in the caller's code. */
  readonly defaultVariant?: string;
  readonly targeting?: Json;
  readonly metadata: Readonly<Record<string, number | string>>;
}

/** A flag that flagd would not evaluate as we do, and why. */
export interface OmittedFlag {
  readonly flag: string;
  readonly code: string;
  readonly detail: string;
}

/** A document for flagd, and what it leaves out. */
export interface FlagdDocument {
  readonly $schema: string;
  readonly flags: Readonly<Record<string, FlagdFlag>>;
  readonly $evaluators?: Readonly<Record<string, Json>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly omitted: readonly OmittedFlag[];
  /** Callers that flagd treats otherwise, in whatever flag is in the document. */
  readonly notes: readonly string[];
}

/** Of all targeting together: what references multiply would not fit into memory. */
const CHARACTERS_MAX = 67_108_864;
const SCHEMA = 'https://flagd.dev/schema/v0/flags.json';

/** What no expression can mend, by the operation that it comes with. */
const NOTES: Readonly<Record<string, string>> = {
  fractional:
    'The SDK of flagd for JavaScript hashes bucketing keys with letters beyond ASCII otherwise than flagd itself, and than we do.',
  sem_ver:
    'Versions have to be written as Semantic Versioning says, or as one or two numbers, and not in a list: flagd does not read others.',
};

/** Writes what is used once, and gives references to it. */
class NamedEvaluators implements Evaluators {
  readonly #logics = new Map<string, Logic>();

  use(name: string, logic: Logic): Logic {
    this.#logics.set(name, logic);
    return { $ref: name };
  }

  /** Those that are named in a text. */
  namedIn(text: string): Record<string, Json> {
    return Object.fromEntries(
      [...this.#logics].filter(([name]) => text.includes(`{"$ref":${JSON.stringify(name)}}`)),
    );
  }
}

const layerOf = ({ flags, segments }: FlagContentLayer, below: Layer | null): Layer => ({
  flags: new Map(flags.map((flag) => [flag.name, flag])),
  segments: new Map(segments.map((segment) => [segment.name, segment])),
  below,
});

/**
 * What a tenant evaluates in an environment, for SDKs of flagd. Every flag in it gives each caller the value that it has
 * here; one that flagd has no words for is left out by name. Disabled flags are enabled ones that serve their default:
 * a flag that is disabled in flagd would leave the caller to the default in its code.
 */
export function toFlagd(content: LayeredFlagContent, at: Circumstances): FlagdDocument {
  const shared = layerOf(content.shared, null);
  const own = layerOf(content.own, shared);
  const evaluators = new NamedEvaluators();
  const logics = new FlagLogics(at, evaluators);
  let left = CHARACTERS_MAX;
  const flags: [string, FlagdFlag][] = [];
  const omitted: OmittedFlag[] = [];
  const visible = [
    ...content.shared.flags
      .filter(({ name }) => !own.flags.has(name))
      .map((flag) => ({ flag, layer: shared })),
    ...content.own.flags.map((flag) => ({ flag, layer: own })),
  ].sort((a, b) => (a.flag.name < b.flag.name ? -1 : 1));
  for (const { flag, layer } of visible) {
    try {
      const logic = logics.of(flag, layer);
      left -= sizeOf(logic.outcome);
      if (left < 0) throw new NotInFlagd('too_large', 'The document would be too large.');
      flags.push([flag.name, flagdFlag(flag, logic)]);
    } catch (error) {
      if (!(error instanceof NotInFlagd)) throw error;
      omitted.push({ flag: flag.name, code: error.code, detail: error.message });
    }
  }
  const named = evaluators.namedIn(JSON.stringify(flags));
  const text = JSON.stringify([flags, named]);
  return {
    $schema: SCHEMA,
    flags: Object.fromEntries(flags),
    ...(Object.keys(named).length > 0 && { $evaluators: named }),
    metadata: {
      ...(at.tenant !== null && { tenant_id: at.tenant }),
      ...(at.environment !== null && { environment: at.environment }),
    },
    omitted,
    notes: Object.entries(NOTES).flatMap(([operation, note]) =>
      text.includes(`{"${operation}":`) ? [note] : [],
    ),
  };
}

/** @throws NotInFlagd */
function flagdFlag(
  { name, version }: FlagInput,
  { variants, defaultVariant, outcome }: FlagLogic,
): FlagdFlag {
  if (variants.size === 0) throw new NotInFlagd('no_value', `"${name}" has no value at all.`);
  const isFixed = typeof outcome === 'string' || outcome === null;
  const usual = isFixed ? outcome : defaultVariant;
  return {
    state: 'ENABLED',
    variants: Object.fromEntries(variants),
    ...(usual !== null && { defaultVariant: usual }),
    ...(!isFixed && { targeting: outcome }),
    metadata: { version },
  };
}
