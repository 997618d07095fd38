import { Injectable } from '@nestjs/common';
import { IdConflict, UnitOfWork } from '#shared-kernel';
import { referencesOf } from '#flag-evaluator';
import type { ExpectedVersion } from '#shared-kernel';
import { sameJson } from '../domain/definition.js';
import { SegmentInUse, SegmentNameTaken } from '../domain/errors.js';
import { segmentName } from '../domain/identity.js';
import type { SegmentId, SegmentName } from '../domain/identity.js';
import { Segment } from '../domain/segment.js';
import type { SegmentContent, SegmentRevision, SegmentState } from '../domain/segment.js';
import { SegmentRepository } from '../domain/segment.repository.js';
import { References } from './references.js';
import type { Node } from './references.js';

/** Which segment to change, and the version the caller looked at when deciding to (null: any). */
export interface SegmentAt {
  readonly id: SegmentId;
  readonly ifVersion: ExpectedVersion;
}

/** A segment that is to be made. */
export interface NewSegment {
  readonly id: SegmentId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly name: SegmentName;
  readonly content: SegmentContent;
  readonly reason: string | null;
}

/** What became of a request to make a segment. */
export interface StoredSegment {
  readonly state: SegmentState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseSegment = (current: SegmentState) => SegmentRevision;

/** Everything that changes a segment. */
@Injectable()
export class SegmentService {
  constructor(
    private readonly segments: SegmentRepository,
    private readonly references: References,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored segment is the answer.
   * @throws SegmentNameTaken, IdConflict, InvalidDefinition, FlagReferenceUnknown, FlagCycle
   */
  create(request: NewSegment): Promise<StoredSegment> {
    return this.#withHolder(async () => {
      if (request.idIsGiven && (await this.segments.isIdUsed(request.id))) return this.#repeat(request);
      const { id, tenant, name, content, reason } = request;
      const segment = Segment.create({ id, tenant }, name, content, reason);
      await this.#store(segment, null);
      return { state: segment.snapshot, outcome: 'created' };
    });
  }

  /** @throws SegmentNotFound, StaleVersion, SegmentNameTaken, SegmentInUse, InvalidDefinition, FlagReferenceUnknown, FlagCycle */
  revise(target: SegmentAt, revise: ReviseSegment, reason: string | null): Promise<SegmentState> {
    return this.#change(target, (segment) => segment.revise(revise(segment.snapshot), reason));
  }

  /** @throws SegmentNotFound, StaleVersion, VersionNotFound, FlagReferenceUnknown, FlagCycle */
  rollBack(target: SegmentAt, version: number, reason: string | null): Promise<SegmentState> {
    return this.#change(target, async (segment) => {
      segment.revertTo(await this.segments.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws SegmentNotFound, StaleVersion, SegmentInUse */
  async delete(target: SegmentAt, reason: string | null): Promise<void> {
    await this.#change(target, (segment) => segment.delete(reason));
  }

  /** The tenant's own segment of this name; null when there is none. */
  findOwn(tenant: string | null, name: SegmentName): Promise<SegmentState | null> {
    return this.unitOfWork.run(async () => (await this.segments.findByName(tenant, name))?.snapshot ?? null);
  }

  #change(target: SegmentAt, act: (segment: Segment) => void | Promise<void>): Promise<SegmentState> {
    return this.#withHolder(async () => {
      const segment = await this.segments.get(target.id);
      segment.expectVersion(target.ifVersion);
      const before = segment.snapshot;
      await act(segment);
      await this.#store(segment, before);
      return segment.snapshot;
    });
  }

  async #store(segment: Segment, before: SegmentState | null): Promise<void> {
    const { change, snapshot } = segment;
    if (!change) return;
    if (before && (change.removes || before.name !== snapshot.name)) await this.#expectUnused(before);
    if (!change.removes)
      await this.references.expectSound(nodeOf(snapshot), referencesOf(snapshot.definition));
    await this.segments.save(segment);
  }

  async #expectUnused(state: SegmentState): Promise<void> {
    const users = await this.references.usersOf(nodeOf(state));
    if (users.length > 0) throw new SegmentInUse(state.name, users);
  }

  /** @throws IdConflict */
  async #repeat({ id, tenant, name, content }: NewSegment): Promise<StoredSegment> {
    const stored = (await this.segments.findByName(tenant, name))?.snapshot;
    const wanted = Segment.create({ id, tenant }, name, content).snapshot;
    const isSame =
      stored?.id === id &&
      sameJson([stored.description, stored.definition], [wanted.description, wanted.definition]);
    if (!stored || !isSame) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When the name is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof SegmentNameTaken)) throw error;
      const { tenant, segment: name } = error;
      const holder = await this.unitOfWork.run(() => this.segments.findByName(tenant, segmentName(name)));
      throw new SegmentNameTaken(tenant, name, holder?.snapshot.id ?? null);
    }
  }
}

const nodeOf = ({ id, tenant, name }: SegmentState): Node => ({ kind: 'segment', id, tenant, name });
