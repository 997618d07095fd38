import { FeatureFlagRepository } from '../../libs/feature-flags/domain/feature-flag.repository.js';
import { ReferenceGraph } from '../../libs/feature-flags/domain/reference-graph.js';
import { SegmentRepository } from '../../libs/feature-flags/domain/segment.repository.js';
import { repositoriesContract } from '../../libs/feature-flags/testing/repositories.contract.js';
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

describe('the repositories in PostgreSQL', () => {
  repositoriesContract(() => ({
    flags: api.part(FeatureFlagRepository),
    segments: api.part(SegmentRepository),
    graph: api.part(ReferenceGraph),
    unitOfWork: new SystemUnitOfWork(api.part(CallContext), api.part(Database)),
    actor: 'system:contract',
  }));
});
