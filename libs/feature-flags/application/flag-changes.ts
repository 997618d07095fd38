import { Injectable } from '@nestjs/common';
import { CatalogReferences } from '#catalog';
import type { Named } from '#catalog';
import { Clock, pointerToken, UnitOfWork } from '#shared-kernel';
import { referencesOf } from '#flag-evaluator';
import type { ExpectedVersion } from '#shared-kernel';
import { sameJson } from '../domain/definition.js';
import { FlagInUse, FlagNameTaken } from '../domain/errors.js';
import type { FeatureFlag, FlagState, Occasion } from '../domain/feature-flag.js';
import { FeatureFlagRepository } from '../domain/feature-flag.repository.js';
import { flagName } from '../domain/identity.js';
import type { FlagId } from '../domain/identity.js';
import { References } from './references.js';
import type { Node } from './references.js';

/** Which flag to change, and the version the caller looked at when deciding to (null: any). */
export interface FlagAt {
  readonly id: FlagId;
  readonly ifVersion: ExpectedVersion;
}

/** The one way in which flags come to be stored: with what they refer to, and what refers to them, kept whole. */
@Injectable()
export class FlagChanges {
  constructor(
    private readonly flags: FeatureFlagRepository,
    private readonly references: References,
    private readonly catalog: CatalogReferences,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  occasion(reason: string | null): Occasion {
    return { now: this.clock.now(), reason };
  }

  /** @throws FlagNotFound, StaleVersion, FlagNameTaken, FlagReferenceUnknown, FlagCycle, FlagInUse, and what `act` throws */
  change(target: FlagAt, act: (flag: FeatureFlag) => void | Promise<void>): Promise<FlagState> {
    return this.withHolder(async () => {
      const flag = await this.flags.get(target.id);
      flag.expectVersion(target.ifVersion);
      const before = flag.snapshot;
      await act(flag);
      await this.store(flag, before);
      return flag.snapshot;
    });
  }

  /** Stores a flag; `before` is what it was when it was loaded, null for a new one. */
  async store(flag: FeatureFlag, before: FlagState | null): Promise<void> {
    const { change, snapshot } = flag;
    if (!change) return;
    const isGone = change.removes;
    if (before && (isGone || before.name !== snapshot.name)) await this.#expectUnused(before);
    if (!isGone && this.#refersAnew(snapshot, before)) {
      await this.references.expectSound(nodeOf(snapshot), referencesOf(snapshot.definition));
    }
    if (!isGone && change.rolledBackFrom === null) await this.#expectKnown(snapshot, before);
    await this.flags.save(flag);
  }

  /** Does the work; when the name is taken, the refusal tells by whom. @throws FlagNameTaken */
  async withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof FlagNameTaken)) throw error;
      const { tenant, flag } = error;
      const holder = await this.unitOfWork.run(() => this.flags.findByName(tenant, flagName(flag)));
      throw new FlagNameTaken(tenant, flag, holder?.snapshot.id ?? null);
    }
  }

  /** Most changes leave alone what it refers to, the kill switch above all: they wait for nobody. */
  #refersAnew(after: FlagState, before: FlagState | null): boolean {
    if (!before || before.name !== after.name) return true;
    return !sameJson(referencesOf(before.definition), referencesOf(after.definition));
  }

  /** What it said before it may go on to say, and what a version said, it may say again. @throws CatalogReferenceUnknown */
  async #expectKnown({ tenant, definition }: FlagState, before: FlagState | null): Promise<void> {
    const known = before?.definition.environmentOverrides ?? {};
    const environments: Named[] = Object.keys(definition.environmentOverrides)
      .filter((key) => !Object.hasOwn(known, key))
      .map((value) => ({ value, pointer: `/environmentOverrides/${pointerToken(value)}` }));
    if (environments.length > 0) await this.catalog.expectKnown(tenant, { environments });
  }

  async #expectUnused(state: FlagState): Promise<void> {
    const users = await this.references.usersOf(nodeOf(state));
    if (users.length > 0) throw new FlagInUse(state.name, users);
  }
}

const nodeOf = ({ id, tenant, name }: FlagState): Node => ({ kind: 'flag', id, tenant, name });
