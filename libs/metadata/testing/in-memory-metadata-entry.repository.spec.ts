import { InMemoryUnitOfWork, SetClock } from '#platform/testing';
import { IN_MEMORY_ACTOR, InMemoryMetadataEntryRepository } from './in-memory-metadata-entry.repository.js';
import { metadataEntryRepositoryContract } from './metadata-entry-repository.contract.js';

describe('InMemoryMetadataEntryRepository', () => {
  const entries = new InMemoryMetadataEntryRepository(new SetClock(new Date('2026-05-01T10:00:00.000Z')));
  const unitOfWork = new InMemoryUnitOfWork(entries);

  metadataEntryRepositoryContract(() => ({ entries, unitOfWork, actor: IN_MEMORY_ACTOR }));
});
