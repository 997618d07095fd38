import { CatalogReferences, CatalogReferenceUnknown } from '#catalog';
import type { References as Named } from '#catalog';
import { InMemoryUnitOfWork, SetClock } from '#platform/testing';
import { FeatureFlagService } from '../application/feature-flag.service.js';
import { FlagChanges } from '../application/flag-changes.js';
import { FlagTargetingService } from '../application/flag-targeting.service.js';
import { References } from '../application/references.js';
import { SegmentService } from '../application/segment.service.js';
import { InMemoryFeatureFlagRepository } from './in-memory-feature-flag.repository.js';
import { InMemoryReferenceGraph } from './in-memory-reference-graph.js';
import { InMemorySegmentRepository } from './in-memory-segment.repository.js';

/** Knows the environments that it was told; as long as it was told none, all. */
export class KnownEnvironments extends CatalogReferences {
  readonly keys = new Set<string>();

  override async expectKnown(_: string | null, { environments = [] }: Named): Promise<void> {
    const unknown = environments.filter(({ value }) => this.keys.size > 0 && !this.keys.has(value));
    if (unknown.length === 0) return;
    throw new CatalogReferenceUnknown(
      unknown.map(({ pointer, value }) => ({ pointer, code: 'catalog_reference_unknown', detail: value })),
    );
  }
}

/** The services of the context, put together on what is in memory. */
export class ServicesInMemory {
  readonly clock = new SetClock(new Date('2026-05-01T10:00:00.000Z'));
  readonly flags = new InMemoryFeatureFlagRepository(this.clock);
  readonly segments = new InMemorySegmentRepository(this.clock);
  readonly environments = new KnownEnvironments();
  readonly #unitOfWork = new InMemoryUnitOfWork(this.flags.versions, this.segments.versions);
  readonly #references = new References(new InMemoryReferenceGraph(this.flags, this.segments));
  readonly #changes = new FlagChanges(
    this.flags,
    this.#references,
    this.environments,
    this.#unitOfWork,
    this.clock,
  );
  readonly flagService = new FeatureFlagService(this.flags, this.#changes, this.#unitOfWork);
  readonly targetingService = new FlagTargetingService(this.#changes);
  readonly segmentService = new SegmentService(this.segments, this.#references, this.#unitOfWork);
}
