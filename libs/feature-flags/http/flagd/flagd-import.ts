import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { InvalidInput } from '#shared-kernel';
import type { DomainError } from '#shared-kernel';
import type { FlagDefinition, FlagType, FlagValue, Json, JsonObject } from '#flag-evaluator';
import { at, isMembers, Reading } from '#platform/http';
import type { FlagDocument, ImportedFlag } from '../../application/flag-transfer.service.js';
import { flagId, flagName } from '../../domain/identity.js';
import { NO_PROFILE } from '../flag-bodies.js';
import { typeOf } from '../read-definition.js';
import { LogicReader, NotInRules } from './read-logic.js';
import { TargetingReader } from './read-targeting.js';
import type { Targeting } from './read-targeting.js';

const STATES = ['ENABLED', 'DISABLED'] as const;
const MEMBERS = ['$schema', 'flags', '$evaluators', 'metadata', 'omitted', 'notes'];
const FLAG_MEMBERS = ['state', 'variants', 'defaultVariant', 'targeting', 'metadata', 'name'];
const NO_TARGETING: Targeting = { rules: [], variants: [], bucketBy: null, salt: null };

type Members = Readonly<Record<string, unknown>>;

/** From documents of flagd to what is to be stored; what rules cannot say is refused at its place. */
@Injectable()
export class FlagdDocuments {
  /** @throws InvalidInput */
  read(body: unknown, tenant: string | null): Promise<FlagDocument> {
    const reading = new Reading();
    const members = reading.object(body, '', MEMBERS);
    const evaluators = reading.map(members['$evaluators'] ?? {}, '/$evaluators') as JsonObject;
    const logic = new LogicReader(evaluators);
    const flags = Object.entries(reading.map(members['flags'], '/flags')).flatMap(([name, flag]) => {
      const pointer = at('/flags', name);
      const definition = readFlag(reading.object(flag, pointer, FLAG_MEMBERS), { reading, logic, pointer });
      return definition ? toImported({ name, pointer, definition }, tenant, reading) : [];
    });
    if (reading.violations.length > 0) return Promise.reject(new InvalidInput(reading.violations));
    return Promise.resolve({ tenant, flags, segments: [] });
  }
}

interface ReadingFlag {
  readonly reading: Reading;
  readonly logic: LogicReader;
  readonly pointer: string;
}

/** All but the salt, where flagd has none. */
type ReadDefinition = Omit<FlagDefinition, 'salt'> & { readonly salt: string | null };

/** Null when it cannot be read, which is noted. */
function readFlag(flag: Members, { reading, logic, pointer }: ReadingFlag): ReadDefinition | null {
  const before = reading.violations.length;
  const state = reading.choice(flag['state'], at(pointer, 'state'), STATES);
  const variants = readVariants(reading, flag['variants'], at(pointer, 'variants'));
  const [first] = variants.values();
  if (first === undefined) reading.note('required', at(pointer, 'variants'), 'A flag has a variant.');
  const usual = readUsual(reading, flag['defaultVariant'], {
    variants,
    pointer: at(pointer, 'defaultVariant'),
  });
  let targeting = NO_TARGETING;
  const given = flag['targeting'] ?? null;
  if (given !== null && !(isMembers(given) && Object.keys(given).length === 0)) {
    try {
      const placed = { logic: given as Json, pointer: at(pointer, 'targeting'), depth: 0 };
      targeting = new TargetingReader(logic, { variants, usual }).read(placed);
    } catch (error) {
      if (!(error instanceof NotInRules)) throw error;
      reading.note('not_in_rules', error.pointer || at(pointer, 'targeting'), error.message);
    }
  }
  if (reading.violations.length > before || first === undefined) return null;
  const type: FlagType = typeOf(first);
  return {
    type,
    enabled: state === 'ENABLED',
    defaultValue: usual,
    rolloutValue: usual,
    rolloutPercentage: usual === null && targeting.variants.length === 0 ? 0 : 100,
    bucketBy: targeting.bucketBy,
    variants: targeting.variants,
    salt: targeting.salt,
    targetingRules: targeting.rules,
    tenantOverrides: {},
    environmentOverrides: {},
    prerequisites: [],
    expiresAt: null,
    schedule: [],
    ramp: null,
  };
}

function readVariants(reading: Reading, value: unknown, pointer: string): Map<string, FlagValue> {
  const variants = Object.entries(reading.map(value, pointer)).flatMap(([name, item]) => {
    if (item !== null) return [[name, item as FlagValue] as const];
    reading.note('type', at(pointer, name), 'It must not be null.');
    return [];
  });
  return new Map(variants);
}

function readUsual(
  reading: Reading,
  value: unknown,
  { variants, pointer }: { readonly variants: ReadonlyMap<string, FlagValue>; readonly pointer: string },
): FlagValue | null {
  if (value === undefined || value === null || value === '') return null;
  const usual = typeof value === 'string' ? variants.get(value) : undefined;
  if (usual === undefined) reading.note('choice', pointer, 'It must be the name of a variant.');
  return usual ?? null;
}

/** What people know it by stays as it is. */
function toImported(
  {
    name,
    pointer,
    definition,
  }: { readonly name: string; readonly pointer: string; readonly definition: ReadDefinition },
  tenant: string | null,
  reading: Reading,
): ImportedFlag[] {
  try {
    const complete: FlagDefinition = { ...definition, salt: definition.salt ?? name };
    return [
      {
        pointer,
        isArchived: false,
        definition: complete,
        violationsOf: (error) => atPlace(pointer, error),
        asked: {
          id: flagId(uuidv7()),
          idIsGiven: false,
          tenant,
          name: flagName(name),
          content: (stored) => ({
            profile: stored?.profile ?? NO_PROFILE,
            definition: {
              ...complete,
              salt: definition.salt ?? stored?.definition.salt ?? name,
            },
          }),
          reason: null,
        },
      },
    ];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    reading.note('pattern', pointer, error.violations.map(({ detail }) => detail).join(' '));
    return [];
  }
}

/** Places of our own definition are not in a document of flagd. */
const atPlace = (pointer: string, error: DomainError): { pointer: string; code: string; detail: string }[] =>
  error instanceof InvalidInput
    ? error.violations.map(({ code, detail }) => ({ pointer, code, detail }))
    : [{ pointer, code: error.code, detail: error.message }];
