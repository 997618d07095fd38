import { IdConflict, StaleVersion } from '#shared-kernel';
import type { UnitOfWork } from '#shared-kernel';
import type { Company } from '../domain/company.js';
import { CompanyNameTaken, CompanyNotFound } from '../domain/company-errors.js';
import type { CompanyRepository } from '../domain/company.repository.js';
import type { Environment } from '../domain/environment.js';
import { EnvironmentKeyTaken, EnvironmentNotFound } from '../domain/environment-errors.js';
import type { EnvironmentRepository } from '../domain/environment.repository.js';
import { aCompanyId, aKey, aNewCompany, aNewEnvironment, anEnvironmentId } from './a-company.js';

/** The repositories, and the transactions that they work in. Others may be in them. */
export interface CompanyRepositories {
  readonly companies: CompanyRepository;
  readonly environments: EnvironmentRepository;
  readonly unitOfWork: UnitOfWork;
  /** In whose name everything is done. */
  readonly actor: string;
}

const missing = { code: 'version_not_found', kind: 'not-found' };

/** What every repository of companies must do; run against the real one and the one in memory. */
export function companyRepositoryContract(open: () => CompanyRepositories): void {
  const run = <T>(work: (companies: CompanyRepository) => Promise<T>): Promise<T> =>
    open().unitOfWork.run(() => work(open().companies));
  const change = (id: Company['snapshot']['id'], act: (company: Company) => void): Promise<Company> =>
    run(async (companies) => {
      const company = await companies.get(id);
      act(company);
      await companies.save(company);
      return company;
    });

  async function store(state: Parameters<typeof aNewCompany>[0] = {}): Promise<Company['snapshot']> {
    const company = aNewCompany(state);
    await run((companies) => companies.save(company));
    return company.snapshot;
  }

  it('gives back what was saved, stamped as version 1', async () => {
    const { actor } = open();
    const stored = await store({ tenant: 'acme', description: 'd', labels: { b: '1', a: '' } });
    expect(stored).toMatchObject({ version: 1, stamp: { createdBy: actor, updatedBy: actor } });
    expect((await run((companies) => companies.get(stored.id))).snapshot).toEqual(stored);
    const { tenant, name } = stored;
    expect((await run((companies) => companies.findByName(tenant, name)))?.snapshot).toEqual(stored);
    expect(await run((companies) => companies.findByName(null, name))).toBeNull();
  });

  it('has a version for each change, and each stays', async () => {
    const { id, name } = await store({ labels: { a: '1' } });
    await change(id, (company) => company.revise({ labels: { a: '2' }, description: 'd' }, null));
    await change(id, (company) => company.delete(null));
    await expect(run((companies) => companies.get(id))).rejects.toThrow(CompanyNotFound);
    const at = (version: number): Promise<object> => run((companies) => companies.contentAt(id, version));
    expect(await at(1)).toEqual({ name, description: null, labels: { a: '1' } });
    expect(await at(2)).toEqual({ name, description: 'd', labels: { a: '2' } });
    for (const version of [3, 4]) await expect(at(version)).rejects.toMatchObject(missing);
  });

  it('refuses a change that was decided on an older version', async () => {
    const { id } = await store();
    const late = await run((companies) => companies.get(id));
    await change(id, (company) => company.revise({ description: 'first' }, null));
    late.revise({ description: 'late' }, null);
    await expect(run((companies) => companies.save(late))).rejects.toThrow(StaleVersion);
  });

  it('has each name once in a tenant, and each id once for ever', async () => {
    const { id, name } = await store();
    await expect(store({ name })).rejects.toThrow(CompanyNameTaken);
    await expect(store({ id })).rejects.toThrow(IdConflict);
    expect((await store({ name, tenant: 'acme-too' })).version).toBe(1);
    const other = await store();
    const rename = change(other.id, (company) => company.revise({ name }, null));
    await expect(rename).rejects.toThrow(CompanyNameTaken);
    await change(id, (company) => company.delete(null));
    const used = await run(async (companies) => [
      await companies.isIdUsed(id),
      await companies.isIdUsed(aCompanyId()),
    ]);
    expect(used).toEqual([true, false]);
  });

  it('has nothing in a company that is new', async () => {
    const { id } = await store();
    const nothing = { users: 0, teams: 0, environments: 0, resources: 0 };
    expect(await run((companies) => companies.belongingsOf(id))).toEqual(nothing);
  });
}

/** The same of environments. */
export function environmentRepositoryContract(open: () => CompanyRepositories): void {
  const run = <T>(work: (environments: EnvironmentRepository) => Promise<T>): Promise<T> =>
    open().unitOfWork.run(() => work(open().environments));
  const change = (id: Environment['snapshot']['id'], act: (one: Environment) => void): Promise<void> =>
    run(async (environments) => {
      const environment = await environments.get(id);
      act(environment);
      await environments.save(environment);
    });

  async function store(...state: Parameters<typeof aNewEnvironment>): Promise<Environment['snapshot']> {
    const environment = aNewEnvironment(...state);
    await run((environments) => environments.save(environment));
    return environment.snapshot;
  }

  it('gives back what was saved, stamped as version 1', async () => {
    const stored = await store({ tenant: 'acme' }, { name: 'Größe', tier: 'staging', labels: { a: '' } });
    expect(stored).toMatchObject({ version: 1, stamp: { createdBy: open().actor } });
    expect((await run((environments) => environments.get(stored.id))).snapshot).toEqual(stored);
    const { tenant, key } = stored;
    expect((await run((environments) => environments.findByKey(tenant, key)))?.snapshot).toEqual(stored);
    expect(await run((environments) => environments.findByKey(null, key))).toBeNull();
    expect(await run((environments) => environments.resourcesIn(stored))).toBe(0);
  });

  it('has a version for each change, and each stays', async () => {
    const { id, key } = await store();
    await change(id, (environment) => environment.revise({ tier: 'production', name: 'n' }, null));
    await change(id, (environment) => environment.delete(null));
    await expect(run((environments) => environments.get(id))).rejects.toThrow(EnvironmentNotFound);
    const at = (version: number): Promise<object> =>
      run((environments) => environments.contentAt(id, version));
    const content = { name: key, tier: 'development', ownerTeamId: null, labels: {} };
    expect(await at(1)).toEqual(content);
    expect(await at(2)).toEqual({ ...content, name: 'n', tier: 'production' });
    for (const version of [3, 4]) await expect(at(version)).rejects.toMatchObject(missing);
  });

  it('has each key once in a tenant, and each id once for ever', async () => {
    const key = aKey();
    const { id } = await store({ key });
    await expect(store({ key })).rejects.toThrow(EnvironmentKeyTaken);
    await expect(store({ id })).rejects.toThrow(IdConflict);
    expect((await store({ key, tenant: 'acme-too' })).version).toBe(1);
    await change(id, (environment) => environment.delete(null));
    const used = await run(async (environments) => [
      await environments.isIdUsed(id),
      await environments.isIdUsed(anEnvironmentId()),
    ]);
    expect(used).toEqual([true, false]);
  });
}
