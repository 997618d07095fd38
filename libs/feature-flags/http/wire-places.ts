import { CatalogReferenceUnknown } from '#catalog';
import { InvalidInput, tokenName } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { FlagReferenceUnknown, InvalidDefinition } from '../domain/errors.js';

/** What is called otherwise on the wire. */
const WIRE_NAMES: Readonly<Record<string, string>> = {
  defaultValue: 'default_value',
  rolloutValue: 'rollout_value',
  rolloutPercentage: 'rollout_percentage',
  bucketBy: 'bucket_by',
  targetingRules: 'targeting_rules',
  tenantOverrides: 'tenant_overrides',
  environmentOverrides: 'environment_overrides',
  expiresAt: 'expires_at',
  startsAt: 'starts_at',
  endsAt: 'ends_at',
};
const OVERRIDES = new Set(['tenantOverrides', 'environmentOverrides']);

/** Where something of a definition stands in the body that it came from. */
export class WirePlaces {
  /** Rules, by their index, that were sent as one condition. */
  readonly shortRules = new Set<number>();
  /** Environments whose override was sent as a bare value. */
  readonly shortEnvironments = new Set<string>();

  /** The part of the definition that the body is alone, for example `/targeting_rules/3`. */
  within = '';

  /** How places are called in a body that names them otherwise. */
  constructor(private readonly renamed: Readonly<Record<string, string>> = {}) {}

  of(pointer: string): string {
    const steps = pointer.split('/').slice(1);
    const wire = steps.map((step, index) =>
      index === 1 && OVERRIDES.has(steps[0] ?? '') ? step : (WIRE_NAMES[step] ?? step),
    );
    const place = this.#shortened(wire)
      .map((step) => `/${step}`)
      .join('');
    const inner = place.startsWith(this.within) ? place.slice(this.within.length) : place;
    return this.renamed[inner] ?? inner;
  }

  #shortened(steps: readonly string[]): readonly string[] {
    const [part, which = '', next, ...rest] = steps;
    if (part === 'targeting_rules' && next === 'conditions' && this.shortRules.has(Number(which))) {
      return [part, which, ...rest.slice(1)];
    }
    if (
      part === 'environment_overrides' &&
      next === 'value' &&
      this.shortEnvironments.has(tokenName(which))
    ) {
      return [part, which, ...rest];
    }
    return steps;
  }

  /** Does the work; what it refuses is told at the places of the body. */
  async tell<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof InvalidDefinition) throw new InvalidInput(this.all(error.violations));
      if (error instanceof FlagReferenceUnknown) throw new FlagReferenceUnknown(this.all(error.violations));
      if (error instanceof CatalogReferenceUnknown)
        throw new CatalogReferenceUnknown(this.all(error.violations).map(inPath));
      throw error;
    }
  }

  all(violations: readonly Violation[]): Violation[] {
    return violations.map(({ pointer, code, detail }) => ({ pointer: this.of(pointer), code, detail }));
  }
}

/** Where one override is the whole body, its environment stands in the path. */
const inPath = (violation: Violation): Violation =>
  violation.pointer === '' ? { ...violation, pointer: '/environment' } : violation;
