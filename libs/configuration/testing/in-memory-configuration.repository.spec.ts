import { IN_MEMORY_ACTOR, InMemoryUnitOfWork, SetClock } from '#platform/testing';
import { configurationRepositoryContract } from './configuration-repository.contract.js';
import { InMemoryConfigurationRepository } from './in-memory-configuration.repository.js';

describe('the repository in memory', () => {
  const configurations = new InMemoryConfigurationRepository(
    new SetClock(new Date('2026-05-01T10:00:00.000Z')),
  );
  const unitOfWork = new InMemoryUnitOfWork(configurations.versions);

  configurationRepositoryContract(() => ({ configurations, unitOfWork, actor: IN_MEMORY_ACTOR }));
});
