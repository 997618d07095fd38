import { Clock } from '#shared-kernel';
import { EffectiveCheck } from '../application/effective-check.js';
import type { AffectedResult, LayerChange } from '../application/effective-check.js';
import { Layers } from '../application/layers.js';
import { SchemaValidation } from '../application/schema-validation.js';
import type { SchemaCheck, SchemaViolation } from '../application/schema-validation.js';
import type { ConfigurationState } from '../domain/configuration-state.js';
import { EffectiveInvalid, FinalKeyOverridden } from '../domain/effective/errors.js';
import { toLayer } from '../domain/effective/layer.js';
import type { Layer } from '../domain/effective/layer.js';
import { configurationName, environmentName, schemaId, serviceId } from '../domain/identity.js';
import { aConfiguration } from './a-configuration.js';

/** When everything is checked. */
const NOW = Date.parse('2026-05-01T10:00:00.000Z');
/** So many hours later. */
export const at = (hours: number): Date => new Date(NOW + hours * 3_600_000);
/** `size` is at most 100. */
export const SMALL = schemaId('0196a000-0000-7000-8000-000000000001');
/** There is a `host`. */
export const HOSTED = schemaId('0196a000-0000-7000-8000-000000000002');

class StandingClock extends Clock {
  override now(): Date {
    return new Date(NOW);
  }
}

class StoredLayers extends Layers {
  readonly states = new Map<string, ConfigurationState>();
  override hold = (): Promise<void> => Promise.resolve();
  override asOf = (): Promise<Layer[]> => Promise.resolve([]);
  override ofService = (service: string): Promise<Layer[]> =>
    Promise.resolve(
      [...this.states.values()].filter((state) => state.isActive && state.service === service).map(toLayer),
    );
}

class TwoSchemas extends SchemaValidation {
  readonly checks: SchemaCheck[] = [];
  readonly accounts: (string | null)[] = [];
  override expectUsable = (): Promise<void> => Promise.resolve();
  override check = (tenant: string | null, checks: readonly SchemaCheck[]): Promise<SchemaViolation[][]> => {
    this.checks.push(...checks);
    this.accounts.push(tenant);
    return Promise.resolve(
      checks.map(({ schemaId: id, document: { size, host } }) => {
        if (id === HOSTED)
          return host === undefined ? [{ pointer: '', keyword: 'required', detail: 'host' }] : [];
        return Number(size) > 100 ? [{ pointer: '/size', keyword: 'maximum', detail: 'at most 100' }] : [];
      }),
    );
  };
}

const SERVICE = serviceId('orders');

/** The shared base layer of `database`, unless said otherwise. */
export const aState = (
  state: Partial<Omit<ConfigurationState, 'name' | 'environment'>> & {
    name?: string;
    environment?: string;
  } = {},
): ConfigurationState => {
  const { name = 'database', environment = 'base', ...rest } = state;
  return aConfiguration({
    service: SERVICE,
    name: configurationName(name),
    environment: environmentName(environment),
    ...rest,
  }).snapshot;
};

/** Stored configurations of a service, and saves that are checked. */
export class CheckedSaves {
  readonly layers = new StoredLayers();
  readonly schemas = new TwoSchemas();
  readonly #check = new EffectiveCheck(this.layers, this.schemas, new StandingClock());

  stored(...states: readonly ConfigurationState[]): void {
    for (const state of states) this.layers.states.set(state.id, state);
  }

  changed(...changes: readonly LayerChange[]): Promise<readonly AffectedResult[]> {
    for (const { before, after } of changes) {
      if (before) this.layers.states.delete(before.id);
      if (after) this.stored(after);
    }
    return this.#check.expectSound(changes);
  }

  created(...states: readonly ConfigurationState[]): Promise<readonly AffectedResult[]> {
    return this.changed(...states.map((after) => ({ before: null, after })));
  }

  revised(before: ConfigurationState, more: Partial<ConfigurationState>): Promise<readonly AffectedResult[]> {
    return this.changed({ before, after: { ...before, version: before.version + 1, ...more } });
  }
}

/** How the work is refused. It fails when it is not. */
export async function refusalOf(work: Promise<unknown>): Promise<FinalKeyOverridden | EffectiveInvalid> {
  try {
    await work;
  } catch (error) {
    if (error instanceof FinalKeyOverridden || error instanceof EffectiveInvalid) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}
