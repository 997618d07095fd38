import { MetadataEntryRepository } from '../../libs/metadata/domain/metadata-entry.repository.js';
import { metadataEntryRepositoryContract } from '../../libs/metadata/testing/metadata-entry-repository.contract.js';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { UnitOfWork } from '#shared-kernel';
import { TestApi } from '../api.js';

/** Units of work of a call that nobody makes over HTTP. */
class SystemUnitOfWork extends UnitOfWork {
  constructor(
    private readonly context: CallContext,
    private readonly database: Database,
  ) {
    super();
  }

  override run<T>(work: () => Promise<T>): Promise<T> {
    return this.context.runAsSystem('contract', () => this.database.run(work));
  }

  override runInTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.context.runAsSystem('contract', () => this.database.runInTurn(work));
  }

  override attempt<T>(work: () => Promise<T>): Promise<T> {
    return this.context.runAsSystem('contract', () => this.database.attempt(work));
  }
}

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
