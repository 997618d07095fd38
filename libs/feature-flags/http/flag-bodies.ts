import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Violation } from '#shared-kernel';
import type { FlagDefinition } from '#flag-evaluator';
import { CallContext, writeTenant } from '#platform/context';
import { ancestorsOf, checkBody, expectNone, isMembers, Reading, reasonOf } from '#platform/http';
import type { NewFlag, ReviseFlag } from '../application/feature-flag.service.js';
import { problemsOf, redefined, usualRolloutValue } from '../domain/definition.js';
import type { FlagContent, FlagRevision } from '../domain/feature-flag.js';
import { flagId, flagName } from '../domain/identity.js';
import type { FlagProfile } from '../domain/profile.js';
import { CreateFlagBody, ReviseFlagBody } from './flag.dto.js';
import { toOverrides, toRamp } from './flag.wire.js';
import { readDefinition, typeOf } from './read-definition.js';
import { WirePlaces } from './wire-places.js';

type Members = Readonly<Record<string, unknown>>;

/** What a body asks for, and how places in a definition are called in it. */
export interface Asked<T> {
  readonly asked: T;
  readonly reason: string | null;
  readonly places: WirePlaces;
}

/** Members of which a merge patch (RFC 7396) names single ones. */
const MERGED = ['tenant_overrides', 'environment_overrides', 'ramp'] as const;

/**
 * From bodies to what the service takes. What is wrong with fields, with the shape of definitions and with what they mean
 * is told together, although three different parts find it.
 */
@Injectable()
export class FlagBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNewFlag(sent: unknown): Promise<Asked<NewFlag>> {
    const checked = await checkBody(CreateFlagBody, sent);
    const { body, raw } = checked;
    const places = new WirePlaces();
    const content = (stored: FlagContent | null): FlagContent => {
      const reading = new Reading();
      expectValue(raw, reading);
      const changes = readDefinition(raw, stored?.definition ?? null, { reading, places });
      const definition = newDefinition(changes, checked.violations.length === 0 ? body.name : 'unnamed');
      expectNothingWrong([...checked.violations, ...reading.violations], definition, places);
      return { profile: { ...NO_PROFILE, ...profileOf(body) }, definition };
    };
    content(null); // Whatever is wrong is told before anything else is looked at.
    return {
      places,
      reason: body.change_reason ?? null,
      asked: {
        id: flagId(body.id ?? uuidv7()),
        idIsGiven: body.id !== undefined,
        tenant: writeTenant(this.context.current.caller, body.tenant_id),
        name: flagName(body.name),
        content,
        reason: body.change_reason ?? null,
      },
    };
  }

  /** A body that cannot be read is told once the flag is there, so that nothing is learnt of those of others. */
  async toRevision(sent: unknown, how: 'replace' | 'merge'): Promise<Asked<ReviseFlag>> {
    const checked = await checkBody(ReviseFlagBody, sent);
    const { body } = checked;
    const places = new WirePlaces();
    const asked: ReviseFlag = ({ definition: current }): FlagRevision => {
      const reading = new Reading();
      const raw = how === 'merge' ? merged(checked.raw, current) : checked.raw;
      const changes = readDefinition(raw, current, { reading, places });
      expectNothingWrong(
        [...checked.violations, ...reading.violations],
        redefined(current, { ...changes, type: current.type }),
        places,
      );
      return {
        ...(body.name !== undefined && { name: flagName(body.name) }),
        profile: profileOf(body),
        definition: changes,
      };
    };
    return { asked, places, reason: reasonOf(checked) };
  }
}

/** @throws InvalidInput with what is wrong and with what the definition breaks beside it */
export function expectNothingWrong(
  violations: readonly Violation[],
  definition: FlagDefinition,
  places: WirePlaces,
): void {
  if (violations.length === 0) return; // The flag itself checks its definition.
  expectNone([...violations, ...untold(places.all(problemsOf(definition)), violations)]);
}

/** The problems at places of which nothing is told yet, inside or around. */
export function untold(problems: readonly Violation[], told: readonly Violation[]): Violation[] {
  if (told.some(({ pointer }) => VALUES.has(pointer))) return [];
  const places = new Set(told.map(({ pointer }) => pointer));
  const around = new Set(told.flatMap(({ pointer }) => ancestorsOf(pointer)));
  return problems.filter(
    ({ pointer }) => !around.has(pointer) && !ancestorsOf(pointer).some((outer) => places.has(outer)),
  );
}

/** When these cannot be read, what they would be compared with is wrong for that alone. */
const VALUES = new Set(['', '/type', '/default_value', '/variants']);

function expectValue(raw: Members, reading: Reading): void {
  if (raw['default_value'] === undefined) reading.note('required', '/default_value', 'It is required.');
  if (raw['default_value'] === null && raw['type'] === undefined)
    reading.note('required', '/type', 'It is required where the default value is null.');
}

export const NO_PROFILE: FlagProfile = {
  description: null,
  tags: [],
  owner: null,
  kind: 'release',
  isClientVisible: false,
};

function profileOf(body: CreateFlagBody | ReviseFlagBody): Partial<FlagProfile> {
  return {
    ...(body.description !== undefined && { description: body.description }),
    ...(body.tags !== undefined && { tags: body.tags }),
    ...(body.owner !== undefined && { owner: body.owner }),
    ...(body.kind !== undefined && { kind: body.kind }),
    ...(body.client_visible !== undefined && { isClientVisible: body.client_visible }),
  };
}

/** What is absent gets its default. Who names who gets it, and says nothing of a rollout, serves nobody else. */
function newDefinition(changes: Partial<FlagDefinition>, name: string): FlagDefinition {
  const { defaultValue = null, rolloutValue = null, variants = [], targetingRules = [] } = changes;
  const type = changes.type ?? typeOf(defaultValue);
  const isForThoseNamed = targetingRules.length > 0 && rolloutValue === null && variants.length === 0;
  return {
    type,
    enabled: changes.enabled ?? false,
    defaultValue,
    rolloutValue: rolloutValue ?? usualRolloutValue({ type, defaultValue }),
    rolloutPercentage: changes.rolloutPercentage ?? (isForThoseNamed ? 0 : 100),
    bucketBy: changes.bucketBy ?? null,
    variants,
    salt: name,
    targetingRules,
    tenantOverrides: changes.tenantOverrides ?? {},
    environmentOverrides: changes.environmentOverrides ?? {},
    prerequisites: changes.prerequisites ?? [],
    expiresAt: changes.expiresAt ?? null,
    schedule: changes.schedule ?? [],
    ramp: changes.ramp ?? null,
  };
}

function merged(patch: Members, current: FlagDefinition): Members {
  const present = {
    tenant_overrides: current.tenantOverrides,
    environment_overrides: toOverrides(current),
    ramp: current.ramp && { ...toRamp(current.ramp) },
  };
  const changed = MERGED.filter((name) => isMembers(patch[name])).map((name) => [
    name,
    mergePatch(present[name] ?? {}, patch[name] as Members, name === 'environment_overrides' ? 1 : 0),
  ]);
  return { ...patch, ...Object.fromEntries(changed) };
}

/** RFC 7396, down to values, which are replaced whole. */
function mergePatch(target: Members, patch: Members, depth: number): Members {
  const result: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const before = result[name];
    if (value === null) delete result[name];
    else if (depth > 0 && isMembers(value) && isMembers(before))
      result[name] = mergePatch(before, value, depth - 1);
    else result[name] = value;
  }
  return result;
}
