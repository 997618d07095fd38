import { MetadataEntryRepository } from '../../libs/metadata/domain/metadata-entry.repository.js';
import { metadataEntryRepositoryContract } from '../../libs/metadata/testing/metadata-entry-repository.contract.js';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { SystemUnitOfWork } from '../system-unit-of-work.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('TypeOrmMetadataEntryRepository', () => {
  metadataEntryRepositoryContract(() => ({
    entries: api.part(MetadataEntryRepository),
    unitOfWork: new SystemUnitOfWork(api.part(CallContext), api.part(Database)),
    actor: 'system:contract',
  }));
});
