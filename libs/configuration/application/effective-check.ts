import { Injectable } from '@nestjs/common';
import { Breather, Clock } from '#shared-kernel';
import type { ConfigurationState } from '../domain/configuration-state.js';
import type { LayerSets } from '../domain/effective/affected.js';
import { toLayer } from '../domain/effective/layer.js';
import type { Layer } from '../domain/effective/layer.js';
import type { ServiceId } from '../domain/identity.js';
import { EffectiveRefusals } from './effective-refusals.js';
import { EffectiveReview } from './effective-review.js';
import type { AffectedResult, LayerChange } from './layer-change.js';
import { Layers } from './layers.js';
import { SchemaValidation } from './schema-validation.js';

export type { AffectedResult, LayerChange } from './layer-change.js';

/** So many documents are in memory for the schemas at one time. */
export const CHECKS_AT_ONCE = 32;

/** Keeps every effective document whole: a save that would break one is refused. */
@Injectable()
export class EffectiveCheck {
  constructor(
    private readonly layers: Layers,
    private readonly schemas: SchemaValidation,
    private readonly clock: Clock,
  ) {}

  /**
   * To be called once in a unit of work, after its last write, with one change for each configuration. Gives the documents
   * that are otherwise because of them: the first `AFFECTED_MAX`, and one more when there are more.
   * @throws FinalKeyOverridden, EffectiveInvalid, SchemaTooExpensive, ValidationBusy
   */
  async expectSound(changes: readonly LayerChange[]): Promise<readonly AffectedResult[]> {
    const counting = changes.filter(({ before, after }) => before?.isActive || after?.isActive);
    const review = new EffectiveReview(this.clock.now().getTime());
    const refusals = new EffectiveRefusals(counting);
    const breather = new Breather();
    const check = async (): Promise<void> => {
      const wanted = review.takeChecks();
      if (wanted.length === 0) return;
      const checks = wanted.map((each) => each.check);
      refusals.note(wanted, await this.schemas.check(accountOf(counting), checks));
    };
    for (const service of new Set(counting.map((change) => stateOf(change).service))) {
      for (const waiting of review.look(service, await this.#setsOf(service, counting))) {
        if (waiting >= CHECKS_AT_ONCE) await check();
        if (refusals.isFull) break;
        await breather.pause();
      }
    }
    refusals.expectNone(review.problems);
    await check();
    refusals.expectValid();
    return review.results;
  }

  async #setsOf(service: ServiceId, changes: readonly LayerChange[]): Promise<LayerSets> {
    const after = await this.layers.ofService(service);
    const ours = changes.filter((change) => stateOf(change).service === service);
    return { before: layersBefore(after, ours), after };
  }
}

function layersBefore(after: readonly Layer[], changes: readonly LayerChange[]): Layer[] {
  const changed = new Set<string>(changes.map((change) => stateOf(change).id));
  return [
    ...after.filter(({ configurationId }) => !changed.has(configurationId)),
    ...changes.flatMap(({ before }) => (before?.isActive ? [toLayer(before)] : [])),
  ];
}

/** Who pays for the work: the one tenant whose configurations they are; null when it is for more than one. */
function accountOf(changes: readonly LayerChange[]): string | null {
  const tenants = new Set(changes.map((change) => stateOf(change).tenant));
  const [tenant] = tenants;
  return tenants.size === 1 ? (tenant ?? null) : null;
}

/** Its scope never changes. */
function stateOf({ before, after }: LayerChange): ConfigurationState {
  const state = after ?? before;
  if (!state) throw new Error('A change has something before it or after it.');
  return state;
}
