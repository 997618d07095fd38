import { Injectable } from '@nestjs/common';
import { CatalogReferences } from '#catalog';
import { undoing, UnitOfWork } from '#shared-kernel';
import { ConfigurationRepository } from '../domain/configuration.repository.js';
import { ConfigurationWrites } from './configuration-writes.js';
import { EffectiveCheck } from './effective-check.js';
import type { AffectedResult, LayerChange } from './effective-check.js';
import { Layers } from './layers.js';
import { SchemaValidation } from './schema-validation.js';
import { SecretResolver } from './secret-resolver.js';

/** What came of a piece of work, and of whatever it changed. */
export interface WorkOutcome<T> {
  readonly result: T;
  /** One for each configuration that was changed. */
  readonly changes: readonly LayerChange[];
  /** Documents that are otherwise for somebody because of it: the first `AFFECTED_MAX`, and one more when there are more. */
  readonly affected: readonly AffectedResult[];
}

/** A piece of work on configurations. It may be run again, so that it has no effects but those writes. */
export type ConfigurationWork<T> = (writes: ConfigurationWrites) => Promise<T>;

/** Everything that changes configurations. What would leave an effective document broken is refused as a whole. */
@Injectable()
export class ConfigurationService {
  constructor(
    private readonly configurations: ConfigurationRepository,
    private readonly layers: Layers,
    private readonly schemas: SchemaValidation,
    private readonly secrets: SecretResolver,
    private readonly catalog: CatalogReferences,
    private readonly check: EffectiveCheck,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * All or nothing, with one check at the end: what is wrong on the way and right in the end is right.
   * @throws FinalKeyOverridden, EffectiveInvalid, and what the work throws
   */
  together<T>(work: ConfigurationWork<T>): Promise<WorkOutcome<T>> {
    const { configurations, layers, schemas, secrets, catalog, unitOfWork } = this;
    return unitOfWork.run(async () => {
      const writes = new ConfigurationWrites({
        configurations,
        layers,
        schemas,
        secrets,
        catalog,
        unitOfWork,
      });
      const result = await work(writes);
      const { changes } = writes;
      return { result, changes, affected: await this.check.expectSound(changes) };
    });
  }

  /** What `together` would do, with the same refusals; nothing of it stays. */
  preview<T>(work: ConfigurationWork<T>): Promise<WorkOutcome<T>> {
    return undoing(this.unitOfWork, () => this.together(work));
  }
}
