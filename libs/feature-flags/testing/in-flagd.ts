import { FlagdCore, MemoryStorage } from '@openfeature/flagd-core';
import { allotRanges, compileFlagSet } from '#flag-evaluator';
import type {
  Circumstances,
  FlagInput,
  FlagValue,
  SegmentInput,
  TargetingRule,
  Variant,
} from '#flag-evaluator';
import { toFlagd } from '../http/flagd/flagd-export.js';
import type { FlagdDocument } from '../http/flagd/flagd-export.js';

export const NOW = Date.UTC(2026, 4, 1);
export const AT: Circumstances = { tenant: null, environment: null, now: NOW };
const SILENT = { error: ignore, warn: ignore, info: ignore, debug: ignore };
const NO_LAYER = { flags: [], segments: [] };
/** What a caller has in its code. */
export const DEFAULT_OF_THE_CODE = 'default of the code';

function ignore(): void {
  // What flagd says of each evaluation is not what is tested.
}

export const aRule = (parts: Partial<TargetingRule>): TargetingRule => ({
  id: 'r',
  priority: 0,
  description: null,
  conditions: [],
  result: null,
  variant: null,
  rolloutPercentage: null,
  ...parts,
});

export const withVariants = (
  shares: readonly { name: string; value: FlagValue; weight: number }[],
): Variant[] => {
  const ranges = allotRanges(shares, []);
  return shares.map((share) => ({ ...share, ranges: ranges.get(share.name) ?? [] }));
};

export function exported(
  flags: readonly FlagInput[],
  segments: readonly SegmentInput[] = [],
  at = AT,
): FlagdDocument {
  return toFlagd({ shared: { flags, segments }, own: NO_LAYER }, at);
}

/** What flagd's own evaluator makes of a document. */
export function flagdOf(document: FlagdDocument): (flag: FlagInput, context: object) => unknown {
  const core = new FlagdCore(undefined, SILENT);
  core.setConfigurations(JSON.stringify(document));
  return ({ name, definition: { type } }, context) =>
    core.resolve(type, name, DEFAULT_OF_THE_CODE as never, context as never, SILENT).value;
}

export function expectSame(
  {
    flags,
    segments = [],
    at = AT,
  }: { flags: readonly FlagInput[]; segments?: readonly SegmentInput[]; at?: Circumstances },
  contexts: readonly object[],
): void {
  const document = exported(flags, segments, at);
  new MemoryStorage(SILENT).setConfigurations(JSON.stringify(document), true); // Throws at what the schema refuses.
  const set = compileFlagSet({ flags, segments });
  const inFlagd = flagdOf(document);
  const left = new Set(document.omitted.map(({ flag }) => flag));
  for (const flag of flags.filter(({ name }) => !left.has(name))) {
    for (const context of contexts) {
      const here = set.evaluate(flag.name, context as Record<string, unknown>, at)?.value;
      const there = inFlagd(flag, context);
      if (JSON.stringify(there) !== JSON.stringify(here ?? DEFAULT_OF_THE_CODE))
        throw new Error(
          `${flag.name}: ${JSON.stringify({ here, there, context, flag, written: document.flags[flag.name] })}`,
        );
    }
  }
}
