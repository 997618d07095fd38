import { Injectable } from '@nestjs/common';
import { CatalogReferenceUnknown } from '#catalog';
import { DomainError } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import type { ConfigurationState } from '../domain/configuration-state.js';
import { ConfigurationNotFound } from '../domain/errors.js';
import type { ConfigurationId, ConfigurationName, EnvironmentName, ServiceId } from '../domain/identity.js';
import { PromotionRefused } from '../domain/transfer-errors.js';
import type { ConfigurationView } from './configuration.queries.js';
import { ConfigurationService } from './configuration.service.js';
import type { ConfigurationWork, WorkOutcome } from './configuration.service.js';
import type { ConfigurationWrites } from './configuration-writes.js';
import { Layers } from './layers.js';
import { OwnedConfigurations } from './owned-configurations.js';
import { relocating } from './relocating.js';

/** What is to be copied, from where to where. */
export interface Promotion {
  readonly service: ServiceId;
  /** Whose configurations; null is what is shared. */
  readonly tenant: string | null;
  readonly from: EnvironmentName;
  readonly to: EnvironmentName;
  /** Null is all that there is. */
  readonly names: readonly ConfigurationName[] | null;
  readonly reason: string | null;
  /** An id for one that has to be made. */
  newId(): ConfigurationId;
}

/** What became of one of them: what was in the other environment, and what is. */
export interface PromotedConfiguration {
  readonly name: ConfigurationName;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly before: ConfigurationState | null;
  readonly after: ConfigurationState;
}

/** What was promoted, by name, and the temporary ones that were not. */
export interface Promoted {
  readonly items: readonly PromotedConfiguration[];
  readonly skipped: readonly ConfigurationView[];
}

/** What there is to copy. */
interface Source {
  readonly permanent: ReadonlyMap<ConfigurationName, ConfigurationView>;
  readonly temporary: readonly ConfigurationView[];
}

const NOT_FOUND = new ConfigurationNotFound().code;

/** Copies what holds in one environment to another one: all of it or nothing, checked once at the end. */
@Injectable()
export class ConfigurationPromotion {
  constructor(
    private readonly configurations: ConfigurationService,
    private readonly owned: OwnedConfigurations,
    private readonly layers: Layers,
  ) {}

  /** @throws PromotionRefused, CatalogReferenceUnknown at /to, FinalKeyOverridden, EffectiveInvalid */
  promote(promotion: Promotion): Promise<WorkOutcome<Promoted>> {
    return this.#run(promotion, (work) => this.configurations.together(work));
  }

  /** What `promote` would do. @throws PromotionRefused, FinalKeyOverridden, EffectiveInvalid */
  rehearse(promotion: Promotion): Promise<WorkOutcome<Promoted>> {
    return this.#run(promotion, (work) => this.configurations.preview(work));
  }

  #run(
    promotion: Promotion,
    run: (work: ConfigurationWork<Promoted>) => Promise<WorkOutcome<Promoted>>,
  ): Promise<WorkOutcome<Promoted>> {
    const names = new Map<string | null, ConfigurationName>();
    return relocating(
      (id) => placeOf(promotion, names.get(id)),
      () => run(this.#workOf(promotion, names)),
    );
  }

  #workOf(promotion: Promotion, places: Map<string | null, ConfigurationName>): ConfigurationWork<Promoted> {
    return async (writes) => {
      await this.layers.hold(promotion.service, promotion.tenant);
      const source = await this.#sourceOf(promotion);
      const names = promotion.names ?? [...source.permanent.keys()].sort();
      expectThere(promotion, source);
      const skipped = source.temporary.filter(({ name }) => promotion.names?.includes(name) ?? true);
      const items = await this.#copyAll(names, { promotion, source, writes });
      for (const { name, after } of items) places.set(after.id, name);
      return { items, skipped };
    };
  }

  async #sourceOf({ tenant, service, from }: Promotion): Promise<Source> {
    const permanent = new Map<ConfigurationName, ConfigurationView>();
    const temporary: ConfigurationView[] = [];
    const inPlace = { tenant, services: [service], environment: from, name: null };
    for await (const configuration of this.owned.all(inPlace)) {
      if (!configuration.isActive) continue;
      if (isTemporary(configuration)) temporary.push(configuration);
      else permanent.set(configuration.name, configuration);
    }
    return { permanent, temporary };
  }

  async #copyAll(
    names: readonly ConfigurationName[],
    parts: { promotion: Promotion; source: Source; writes: ConfigurationWrites },
  ): Promise<PromotedConfiguration[]> {
    const items: PromotedConfiguration[] = [];
    const violations: Violation[] = [];
    for (const name of names) {
      const original = parts.source.permanent.get(name);
      if (!original) continue; // It was told before.
      try {
        items.push(await copy(original, parts.promotion, parts.writes));
      } catch (error) {
        if (error instanceof CatalogReferenceUnknown) throw atTarget(error); // The same for all of them.
        if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
        const pointer = placeOf(parts.promotion, name);
        violations.push({ pointer, code: error.code, detail: `${name}: ${error.message}` });
      }
    }
    if (violations.length > 0) throw new PromotionRefused(violations);
    return items;
  }
}

const atTarget = ({ violations }: CatalogReferenceUnknown): CatalogReferenceUnknown =>
  new CatalogReferenceUnknown(violations.map((violation) => ({ ...violation, pointer: '/to' })));

/** Where the request names it; nowhere in particular when it asks for all. */
function placeOf({ names }: Promotion, name: ConfigurationName | undefined): string {
  const index = name === undefined ? -1 : (names ?? []).indexOf(name);
  return index < 0 ? '' : `/names/${index}`;
}

/** @throws PromotionRefused */
function expectThere({ names, from }: Promotion, { permanent }: Source): void {
  const missing = (names ?? []).flatMap((name, index) => {
    const detail = `${from} has no active configuration of this name without a window.`;
    return permanent.has(name) ? [] : [{ pointer: `/names/${index}`, code: NOT_FOUND, detail }];
  });
  if (missing.length > 0) throw new PromotionRefused(missing);
  if (permanent.size > 0) return;
  const detail = `${from} has no active configuration without a window.`;
  throw new PromotionRefused([{ pointer: '/from', code: NOT_FOUND, detail }]);
}

async function copy(
  original: ConfigurationView,
  promotion: Promotion,
  writes: ConfigurationWrites,
): Promise<PromotedConfiguration> {
  const { tenant, service, name, values, schemaId, secretRefs, finalKeys, description } = original;
  const { to, reason } = promotion;
  const scope = { tenant, service, name, environment: to };
  const copied = { values, schemaId, secretRefs, finalKeys, description };
  const before = await writes.findPermanent(scope);
  if (before) {
    const after = await writes.revise({ id: before.id, ifVersion: null }, () => copied, reason);
    return { name, before, after, outcome: after.version === before.version ? 'unchanged' : 'updated' };
  }
  const always = { isActive: true, effectiveFrom: null, effectiveUntil: null };
  const content = { ...copied, ...always };
  const { state } = await writes.create({ id: promotion.newId(), idIsGiven: false, scope, content, reason });
  return { name, before: null, after: state, outcome: 'created' };
}

const isTemporary = ({ effectiveFrom, effectiveUntil }: ConfigurationState): boolean =>
  effectiveFrom !== null || effectiveUntil !== null;
