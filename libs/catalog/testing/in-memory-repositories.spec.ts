import { IN_MEMORY_ACTOR, InMemoryUnitOfWork, SetClock } from '#platform/testing';
import { companyRepositoryContract, environmentRepositoryContract } from './company-environment.contract.js';
import type { CompanyRepositories } from './company-environment.contract.js';
import { InMemoryCompanyRepository } from './in-memory-company.repository.js';
import { InMemoryEnvironmentRepository } from './in-memory-environment.repository.js';

const clock = new SetClock(new Date('2026-05-01T10:00:00.000Z'));
const companies = new InMemoryCompanyRepository(clock);
const environments = new InMemoryEnvironmentRepository(clock);
const unitOfWork = new InMemoryUnitOfWork(companies.versions, environments.versions);
const open = (): CompanyRepositories => ({ companies, environments, unitOfWork, actor: IN_MEMORY_ACTOR });

describe('companies in memory', () => companyRepositoryContract(open));
describe('environments in memory', () => environmentRepositoryContract(open));
