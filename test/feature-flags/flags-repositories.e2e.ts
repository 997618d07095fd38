import { FeatureFlagRepository } from '../../libs/feature-flags/domain/feature-flag.repository.js';
import { ReferenceGraph } from '../../libs/feature-flags/domain/reference-graph.js';
import { SegmentRepository } from '../../libs/feature-flags/domain/segment.repository.js';
import { repositoriesContract } from '../../libs/feature-flags/testing/repositories.contract.js';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { SystemUnitOfWork } from '../system-unit-of-work.js';

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
