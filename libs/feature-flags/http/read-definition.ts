import { at, isMembers } from '#platform/http';
import type { Reading } from '#platform/http';
import { FLAG_TYPES } from '../domain/definition.js';
import type {
  EnvironmentOverride,
  FlagDefinition,
  FlagType,
  FlagValue,
  ScheduledStep,
  Variant,
} from '#flag-evaluator';
import { readDependence, readValue } from './read-condition.js';
import { readRules } from './read-rule.js';
import type { WirePlaces } from './wire-places.js';

type Members = Readonly<Record<string, unknown>>;
type Changes = { -readonly [Property in keyof FlagDefinition]?: FlagDefinition[Property] };

const NAME_MAX = 255;
const PATH_MAX = 1_000;
const OVERRIDE_MEMBERS = ['enabled', 'default_value', 'rollout_percentage', 'value'] as const;

/** Where what is read is noted: what is wrong, and what was written in a short form. */
export interface Notes {
  readonly reading: Reading;
  readonly places: WirePlaces;
}

/** What a body says of a definition: absent stays absent. `current` is what the flag is now, null for a new one. */
export function readDefinition(
  body: Members,
  current: FlagDefinition | null,
  { reading, places }: Notes,
): Partial<FlagDefinition> {
  const changes: Changes = {};
  const read = (name: string, take: (value: unknown, pointer: string) => void): void => {
    if (body[name] !== undefined) take(body[name], at('', name));
  };
  read('type', (value, pointer) => (changes.type = reading.choice(value, pointer, FLAG_TYPES)));
  read('enabled', (value, pointer) => (changes.enabled = reading.yesNo(value, pointer)));
  read('default_value', (value) => (changes.defaultValue = value as FlagValue | null));
  read('rollout_value', (value) => (changes.rolloutValue = value as FlagValue | null));
  read('rollout_percentage', (value, pointer) => {
    changes.rolloutPercentage = value === null ? 100 : reading.number(value, pointer);
  });
  read('bucket_by', (value, pointer) => {
    changes.bucketBy = value === null ? null : reading.text(value, pointer, PATH_MAX);
  });
  read('variants', (value, pointer) => (changes.variants = readVariants(reading, value ?? [], pointer)));
  read('targeting_rules', (value, pointer) => {
    const rules = readRules(reading, value ?? [], pointer, current?.targetingRules ?? []);
    for (const [index, { isShort }] of rules.entries()) if (isShort) places.shortRules.add(index);
    changes.targetingRules = rules.map(({ rule }) => rule);
  });
  read('tenant_overrides', (value, pointer) => {
    const members = Object.entries(reading.map(value ?? {}, pointer));
    changes.tenantOverrides = Object.fromEntries(
      members.map(([tenant, item]) => [tenant, readValue(reading, item, at(pointer, tenant))]),
    );
  });
  read('environment_overrides', (value, pointer) => {
    const type = current?.type ?? changes.type ?? typeOf(changes.defaultValue);
    const members = Object.entries(reading.map(value ?? {}, pointer));
    changes.environmentOverrides = Object.fromEntries(
      members.map(([environment, item]) => {
        if (isBare(item, type)) places.shortEnvironments.add(environment);
        return [environment, readOverride(reading, item, at(pointer, environment), type)];
      }),
    );
  });
  read('prerequisites', (value, pointer) => {
    const items = reading.list(value ?? [], pointer);
    changes.prerequisites = items.map((item, index) => readDependence(reading, item, at(pointer, index)));
  });
  read('expires_at', (value, pointer) => {
    changes.expiresAt = value === null ? null : reading.instant(value, pointer);
  });
  read('schedule', (value, pointer) => {
    const items = reading.list(value ?? [], pointer);
    changes.schedule = items.map((item, index) => readStep(reading, item, at(pointer, index)));
  });
  read(
    'ramp',
    (value, pointer) => (changes.ramp = value === null ? null : readRamp(reading, value, pointer)),
  );
  return changes;
}

/** The type of a flag that says none. */
export function typeOf(value: FlagValue | null | undefined): FlagType {
  return typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number'
    ? (typeof value as FlagType)
    : 'object';
}

const readVariants = (reading: Reading, value: unknown, pointer: string): Variant[] =>
  reading.list(value, pointer).map((item, index) => {
    const place = at(pointer, index);
    const members = reading.object(item, place, ['name', 'value', 'weight']);
    return {
      name: reading.text(members['name'], at(place, 'name'), NAME_MAX),
      value: readValue(reading, members['value'], at(place, 'value')),
      weight: reading.number(members['weight'], at(place, 'weight')),
      ranges: [],
    };
  });

/**
 * A bare value is short for `{value}`. An object is the long form, unless the values of the flag are objects and it has
 * none of the long form's members.
 */
export function isBare(value: unknown, type: FlagType): boolean {
  if (!isMembers(value)) return true;
  const names = Object.keys(value);
  return type === 'object' && names.length > 0 && !OVERRIDE_MEMBERS.some((name) => names.includes(name));
}

export function readOverride(
  reading: Reading,
  value: unknown,
  pointer: string,
  type: FlagType,
): EnvironmentOverride {
  if (isBare(value, type)) return { value: readValue(reading, value, pointer) };
  const { enabled, default_value, rollout_percentage, ...rest } = reading.object(
    value,
    pointer,
    OVERRIDE_MEMBERS,
  );
  return {
    ...(isGiven(enabled) && { enabled: reading.yesNo(enabled, at(pointer, 'enabled')) }),
    ...(isGiven(default_value) && {
      defaultValue: readValue(reading, default_value, at(pointer, 'default_value')),
    }),
    ...(isGiven(rollout_percentage) && {
      rolloutPercentage: reading.number(rollout_percentage, at(pointer, 'rollout_percentage')),
    }),
    ...(isGiven(rest['value']) && { value: readValue(reading, rest['value'], at(pointer, 'value')) }),
  };
}

function readStep(reading: Reading, value: unknown, pointer: string): ScheduledStep {
  const members = reading.object(value, pointer, ['at', 'set']);
  const place = at(pointer, 'set');
  const { enabled, rollout_percentage } = reading.object(members['set'], place, [
    'enabled',
    'rollout_percentage',
  ]);
  return {
    at: reading.instant(members['at'], at(pointer, 'at')),
    set: {
      ...(isGiven(enabled) && { enabled: reading.yesNo(enabled, at(place, 'enabled')) }),
      ...(isGiven(rollout_percentage) && {
        rolloutPercentage: reading.number(rollout_percentage, at(place, 'rollout_percentage')),
      }),
    },
  };
}

function readRamp(reading: Reading, value: unknown, pointer: string): NonNullable<FlagDefinition['ramp']> {
  const { from, to, starts_at, ends_at } = reading.object(value, pointer, [
    'from',
    'to',
    'starts_at',
    'ends_at',
  ]);
  return {
    from: reading.number(from, at(pointer, 'from')),
    to: reading.number(to, at(pointer, 'to')),
    startsAt: reading.instant(starts_at, at(pointer, 'starts_at')),
    endsAt: reading.instant(ends_at, at(pointer, 'ends_at')),
  };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
