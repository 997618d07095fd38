import { Injectable } from '@nestjs/common';
import { IdConflict, UnitOfWork } from '#shared-kernel';
import { sameJson } from '../domain/definition.js';
import { FeatureFlag } from '../domain/feature-flag.js';
import type { FlagContent, FlagRevision, FlagState } from '../domain/feature-flag.js';
import { FeatureFlagRepository } from '../domain/feature-flag.repository.js';
import type { FlagId, FlagName } from '../domain/identity.js';
import { FlagChanges } from './flag-changes.js';
import type { FlagAt } from './flag-changes.js';

/** A flag that is to be made. */
export interface NewFlag {
  readonly id: FlagId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly name: FlagName;
  /** What it is to be. A request that repeats itself leaves ids of rules to us again: `stored` is where those are. */
  content(stored: FlagState | null): FlagContent;
  readonly reason: string | null;
}

/** What became of a request to make a flag. */
export interface StoredFlag {
  readonly state: FlagState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseFlag = (current: FlagState) => FlagRevision;

/** Everything that changes a flag as a whole. */
@Injectable()
export class FeatureFlagService {
  constructor(
    private readonly flags: FeatureFlagRepository,
    private readonly changes: FlagChanges,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored flag is the answer.
   * @throws FlagNameTaken, IdConflict, InvalidDefinition, FlagReferenceUnknown, FlagCycle
   */
  create(request: NewFlag): Promise<StoredFlag> {
    return this.changes.withHolder(async () => {
      if (request.idIsGiven && (await this.flags.isIdUsed(request.id))) return this.#repeat(request);
      const { id, tenant, name, reason } = request;
      const flag = FeatureFlag.create({ id, tenant }, name, request.content(null), reason);
      await this.changes.store(flag, null);
      return { state: flag.snapshot, outcome: 'created' };
    });
  }

  /** @throws FlagNotFound, StaleVersion, FlagArchived, FlagNameTaken, InvalidDefinition, FlagReferenceUnknown, FlagCycle, FlagInUse */
  revise(target: FlagAt, revise: ReviseFlag, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) =>
      flag.revise(revise(flag.snapshot), this.changes.occasion(reason)),
    );
  }

  /** @throws FlagNotFound, StaleVersion, InvalidInput, InvalidDefinition, FlagReferenceUnknown, FlagCycle */
  replace(
    target: FlagAt,
    content: FlagContent & { readonly isArchived: boolean },
    reason: string | null,
  ): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.replaceWith(content, this.changes.occasion(reason)));
  }

  /** @throws FlagNotFound, StaleVersion, FlagArchived */
  enable(target: FlagAt, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.enable(this.changes.occasion(reason)));
  }

  /** @throws FlagNotFound, StaleVersion, FlagArchived */
  disable(target: FlagAt, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.disable(this.changes.occasion(reason)));
  }

  /** The percentage is asked for once the flag is there. @throws FlagNotFound, StaleVersion, FlagArchived, InvalidDefinition */
  rollOut(target: FlagAt, percentage: () => number, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.rollOutTo(percentage(), this.changes.occasion(reason)));
  }

  /** Allowed while others depend on it, too. @throws FlagNotFound, StaleVersion */
  archive(target: FlagAt, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.archive(this.changes.occasion(reason)));
  }

  /** @throws FlagNotFound, StaleVersion */
  unarchive(target: FlagAt, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, (flag) => flag.unarchive(reason));
  }

  /** @throws FlagNotFound, StaleVersion, VersionNotFound, FlagArchived, FlagReferenceUnknown, FlagCycle */
  rollBack(target: FlagAt, version: number, reason: string | null): Promise<FlagState> {
    return this.changes.change(target, async (flag) => {
      flag.revertTo(await this.flags.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws FlagNotFound, StaleVersion, FlagInUse */
  async delete(target: FlagAt, reason: string | null): Promise<void> {
    await this.changes.change(target, (flag) => flag.delete(reason));
  }

  /** The tenant's own flag of this name; null when there is none. */
  findOwn(tenant: string | null, name: FlagName): Promise<FlagState | null> {
    return this.unitOfWork.run(async () => (await this.flags.findByName(tenant, name))?.snapshot ?? null);
  }

  /** @throws IdConflict */
  async #repeat(request: NewFlag): Promise<StoredFlag> {
    const { id, tenant, name } = request;
    const stored = (await this.flags.findByName(tenant, name))?.snapshot;
    if (stored?.id !== id || stored.archivedAt !== null) throw new IdConflict();
    const wanted = FeatureFlag.create({ id, tenant }, name, request.content(stored)).snapshot;
    const same = (a: FlagState, b: FlagState): boolean =>
      sameJson([a.profile, a.definition], [b.profile, b.definition]);
    if (!same(stored, wanted)) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }
}
