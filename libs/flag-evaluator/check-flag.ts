import { conditionsCheck } from './check-condition.js';
import {
  checkInstant,
  checkPercentage,
  checkSlug,
  checkText,
  checkValue,
  isWithin,
  pointerPart,
  valueCheck,
} from './check-value.js';
import type { Report } from './check-value.js';
import type {
  BucketRange,
  EnvironmentOverride,
  FlagDefinition,
  TargetingRule,
  Variant,
} from './definition.js';
import type { DefinitionProblem } from './evaluation.js';

const BUCKETS = 100_000;
const LIST_MAX = 100;
const NAME_LENGTH_MAX = 255;
const PATH_LENGTH_MAX = 1000;

/** What the checks of one flag's parts have in common. */
interface Check {
  readonly report: Report;
  readonly value: ReturnType<typeof valueCheck>;
}

/** Reports each that was there before, under its own pointer. */
function checkUnique(names: readonly string[], pointerOf: (index: number) => string, report: Report): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) report(pointerOf(index), 'duplicate', 'There is another one with this name.');
    seen.add(name);
  }
}

const isRange = ({ from, until }: BucketRange): boolean =>
  Number.isInteger(from) && Number.isInteger(until) && from >= 0 && from < until && until <= BUCKETS;

/** Each bucket belongs to one variant at most; variants without any get theirs when they are stored. */
function checkRanges(variants: readonly Variant[], report: Report): void {
  const placed = variants.flatMap(({ ranges }, variant) =>
    ranges.map((range, index) => ({ range, pointer: `/variants/${variant}/ranges/${index}` })),
  );
  const sound = placed.filter(({ range, pointer }) => {
    const isSound = isRange(range);
    if (!isSound) report(pointer, 'range', `A range lies within 0 and ${BUCKETS} and is not empty.`);
    return isSound;
  });
  sound.sort((a, b) => a.range.from - b.range.from);
  let end = 0;
  for (const { range, pointer } of sound) {
    if (range.from < end) report(pointer, 'overlap', 'Another range has some of these buckets.');
    end = Math.max(end, range.until);
  }
}

function checkVariants({ variants }: FlagDefinition, { report, value }: Check): void {
  if (!isWithin({ count: variants.length, max: LIST_MAX }, '/variants', report)) return;
  for (const [index, variant] of variants.entries()) {
    const pointer = `/variants/${index}`;
    checkText(variant.name, NAME_LENGTH_MAX, `${pointer}/name`, report);
    value(variant.value, `${pointer}/value`);
    if (!(variant.weight >= 0 && Number.isFinite(variant.weight)))
      report(`${pointer}/weight`, 'range', 'A weight is 0 or more.');
  }
  checkUnique(
    variants.map(({ name }) => name),
    (index) => `/variants/${index}/name`,
    report,
  );
  if (variants.length > 0 && variants.every(({ weight }) => weight === 0))
    report('/variants', 'weights', 'At least one variant has a weight above 0.');
  checkRanges(variants, report);
}

function checkResult(
  rule: TargetingRule,
  pointer: string,
  variants: ReadonlySet<string>,
  check: Check,
): void {
  const { result, variant } = rule;
  if (result !== null) check.value(result, `${pointer}/result`);
  if (result === null && variant === null)
    check.report(pointer, 'required', 'A rule serves a result or a variant.');
  else if (result !== null && variant !== null)
    check.report(`${pointer}/variant`, 'exclusive', 'A rule serves a result or a variant, not both.');
  else if (variant !== null && !variants.has(variant))
    check.report(`${pointer}/variant`, 'unknown_variant', `The flag has no variant "${variant}".`);
}

function checkRules({ targetingRules, variants }: FlagDefinition, check: Check): void {
  const { report } = check;
  if (!isWithin({ count: targetingRules.length, max: LIST_MAX }, '/targetingRules', report)) return;
  const names = new Set(variants.map(({ name }) => name));
  const checkConditions = conditionsCheck(report);
  for (const [index, rule] of targetingRules.entries()) {
    const pointer = `/targetingRules/${index}`;
    checkText(rule.id, NAME_LENGTH_MAX, `${pointer}/id`, report);
    if (!Number.isFinite(rule.priority)) report(`${pointer}/priority`, 'type', 'A priority is a number.');
    checkConditions(rule.conditions, `${pointer}/conditions`);
    checkResult(rule, pointer, names, check);
    if (rule.rolloutPercentage !== null)
      checkPercentage(rule.rolloutPercentage, `${pointer}/rolloutPercentage`, report);
  }
  checkUnique(
    targetingRules.map(({ id }) => id),
    (index) => `/targetingRules/${index}/id`,
    report,
  );
}

function checkEnvironment(override: EnvironmentOverride, pointer: string, { report, value }: Check): void {
  if (override.defaultValue !== undefined) value(override.defaultValue, `${pointer}/defaultValue`);
  if (override.value !== undefined) value(override.value, `${pointer}/value`);
  if (override.rolloutPercentage !== undefined)
    checkPercentage(override.rolloutPercentage, `${pointer}/rolloutPercentage`, report);
}

function checkOverrides({ tenantOverrides, environmentOverrides }: FlagDefinition, check: Check): void {
  for (const [tenant, value] of Object.entries(tenantOverrides)) {
    const pointer = `/tenantOverrides/${pointerPart(tenant)}`;
    checkSlug(tenant, pointer, check.report);
    check.value(value, pointer);
  }
  for (const [environment, override] of Object.entries(environmentOverrides)) {
    const pointer = `/environmentOverrides/${pointerPart(environment)}`;
    checkSlug(environment, pointer, check.report);
    checkEnvironment(override, pointer, check);
  }
}

function checkPrerequisites({ prerequisites }: FlagDefinition, { report }: Check): void {
  if (!isWithin({ count: prerequisites.length, max: LIST_MAX }, '/prerequisites', report)) return;
  for (const [index, { flag, equals }] of prerequisites.entries()) {
    checkText(flag, NAME_LENGTH_MAX, `/prerequisites/${index}/flag`, report);
    checkValue(equals, `/prerequisites/${index}/equals`, report);
  }
}

function checkSchedule({ schedule }: FlagDefinition, { report }: Check): void {
  if (!isWithin({ count: schedule.length, max: LIST_MAX }, '/schedule', report)) return;
  let before = -Infinity;
  for (const [index, { at, set }] of schedule.entries()) {
    const pointer = `/schedule/${index}`;
    checkInstant(at, `${pointer}/at`, report);
    if (at === before) report(`${pointer}/at`, 'duplicate', 'Another step is at the same instant.');
    if (at < before) report(`${pointer}/at`, 'order', 'Steps come in the order of time.');
    before = Math.max(before, at);
    if (set.enabled === undefined && set.rolloutPercentage === undefined)
      report(`${pointer}/set`, 'required', 'A step sets something.');
    if (set.rolloutPercentage !== undefined)
      checkPercentage(set.rolloutPercentage, `${pointer}/set/rolloutPercentage`, report);
  }
}

function checkTimes(definition: FlagDefinition, check: Check): void {
  const { expiresAt, ramp } = definition;
  const { report } = check;
  if (expiresAt !== null) checkInstant(expiresAt, '/expiresAt', report);
  checkSchedule(definition, check);
  if (ramp === null) return;
  checkPercentage(ramp.from, '/ramp/from', report);
  checkPercentage(ramp.to, '/ramp/to', report);
  checkInstant(ramp.startsAt, '/ramp/startsAt', report);
  checkInstant(ramp.endsAt, '/ramp/endsAt', report);
  if (ramp.startsAt >= ramp.endsAt) report('/ramp/endsAt', 'order', 'A ramp ends after it starts.');
}

function checkValues({ defaultValue, rolloutValue, variants }: FlagDefinition, { value }: Check): void {
  if (defaultValue !== null) value(defaultValue, '/defaultValue');
  // Without a value of its own, the rollout serves nothing of this one: variants, or the default in the caller's code.
  const isMissing = rolloutValue === null && defaultValue !== null && variants.length === 0;
  if (rolloutValue !== null || isMissing) value(rolloutValue, '/rolloutValue');
}

/**
 * Everything that is wrong with a flag, by itself; whether what it refers to is there is not asked here. Never throws.
 */
export function checkFlag(definition: FlagDefinition): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const report: Report = (pointer, code, detail) => problems.push({ pointer, code, detail });
  const check: Check = { report, value: valueCheck(definition.type, report) };
  checkValues(definition, check);
  checkPercentage(definition.rolloutPercentage, '/rolloutPercentage', report);
  if (definition.bucketBy !== null) checkText(definition.bucketBy, PATH_LENGTH_MAX, '/bucketBy', report);
  checkText(definition.salt, NAME_LENGTH_MAX, '/salt', report);
  checkVariants(definition, check);
  checkRules(definition, check);
  checkOverrides(definition, check);
  checkPrerequisites(definition, check);
  checkTimes(definition, check);
  return problems;
}
