import { ConfigurationRepository } from '../../libs/configuration/domain/configuration.repository.js';
import { configurationRepositoryContract } from '../../libs/configuration/testing/configuration-repository.contract.js';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { SystemUnitOfWork } from '../system-unit-of-work.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('the repository in PostgreSQL', () => {
  configurationRepositoryContract(() => ({
    configurations: api.part(ConfigurationRepository),
    unitOfWork: new SystemUnitOfWork(api.part(CallContext), api.part(Database)),
    actor: 'system:contract',
  }));
});
