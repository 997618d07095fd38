import { IN_MEMORY_ACTOR, InMemoryUnitOfWork, SetClock } from '#platform/testing';
import { InMemoryFeatureFlagRepository } from './in-memory-feature-flag.repository.js';
import { InMemoryReferenceGraph } from './in-memory-reference-graph.js';
import { InMemorySegmentRepository } from './in-memory-segment.repository.js';
import { repositoriesContract } from './repositories.contract.js';

describe('the repositories in memory', () => {
  const clock = new SetClock(new Date('2026-05-01T10:00:00.000Z'));
  const flags = new InMemoryFeatureFlagRepository(clock);
  const segments = new InMemorySegmentRepository(clock);
  const graph = new InMemoryReferenceGraph(flags, segments);
  const unitOfWork = new InMemoryUnitOfWork(flags.versions, segments.versions);

  repositoriesContract(() => ({ flags, segments, graph, unitOfWork, actor: IN_MEMORY_ACTOR }));
});
