import { CompanyRepository } from '../../libs/catalog/domain/company.repository.js';
import { EnvironmentRepository } from '../../libs/catalog/domain/environment.repository.js';
import {
  companyRepositoryContract,
  environmentRepositoryContract,
} from '../../libs/catalog/testing/company-environment.contract.js';
import type { CompanyRepositories } from '../../libs/catalog/testing/company-environment.contract.js';
import { CallContext } from '#platform/context';
import { Database } from '#platform/database';
import { TestApi } from '../api.js';
import { SystemUnitOfWork } from '../system-unit-of-work.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const open = (): CompanyRepositories => ({
  companies: api.part(CompanyRepository),
  environments: api.part(EnvironmentRepository),
  unitOfWork: new SystemUnitOfWork(api.part(CallContext), api.part(Database)),
  actor: 'system:contract',
});

describe('companies in PostgreSQL', () => companyRepositoryContract(open));
describe('environments in PostgreSQL', () => environmentRepositoryContract(open));
