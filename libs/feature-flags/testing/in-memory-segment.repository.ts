import type { Clock } from '#shared-kernel';
import { VersionsInMemory } from '#platform/testing';
import { SegmentNameTaken, SegmentNotFound } from '../domain/errors.js';
import type { SegmentId, SegmentName } from '../domain/identity.js';
import { Segment } from '../domain/segment.js';
import type { SegmentContent, SegmentState } from '../domain/segment.js';
import { SegmentRepository } from '../domain/segment.repository.js';
import { isNamed, uniqueNames } from './unique-names.js';

/** The segments of all tenants, with their history; as the contract says, without a database. */
export class InMemorySegmentRepository extends SegmentRepository {
  readonly versions: VersionsInMemory<SegmentState>;

  constructor(clock: Clock) {
    super();
    this.versions = new VersionsInMemory(
      clock,
      uniqueNames(({ tenant, name }) => new SegmentNameTaken(tenant, name, null)),
    );
  }

  override async get(id: SegmentId): Promise<Segment> {
    const state = this.versions.get(id);
    if (!state) throw new SegmentNotFound();
    return Segment.restore(state);
  }

  override async findByName(tenant: string | null, name: SegmentName): Promise<Segment | null> {
    const state = this.versions.all.find(isNamed(tenant, name));
    return state ? Segment.restore(state) : null;
  }

  override async contentAt(id: SegmentId, version: number): Promise<SegmentContent> {
    const { description, definition } = this.versions.at(id, version);
    return { description, definition };
  }

  override async isIdUsed(id: SegmentId): Promise<boolean> {
    return this.versions.isUsed(id);
  }

  override async save(segment: Segment): Promise<void> {
    this.versions.save(segment);
  }
}
