import { InMemoryUnitOfWork, SetClock } from '#platform/testing';
import { IdConflict, StaleVersion } from '#shared-kernel';
import { CompanyInUse, CompanyNameTaken, CompanyNotFound } from '../domain/company-errors.js';
import { EnvironmentInUse, EnvironmentKeyTaken, EnvironmentNotFound } from '../domain/environment-errors.js';
import type { EnvironmentState } from '../domain/environment.js';
import { CatalogReferenceUnknown, ownerUnknown } from '../domain/errors.js';
import { teamId } from '../domain/identity.js';
import type { CompanyId, TeamId } from '../domain/identity.js';
import { aCompanyId, aKey, anEnvironmentId } from '../testing/a-company.js';
import { InMemoryCompanyRepository } from '../testing/in-memory-company.repository.js';
import { InMemoryEnvironmentRepository } from '../testing/in-memory-environment.repository.js';
import { CompanyService } from './company.service.js';
import type { NewCompany } from './company.service.js';
import { EnvironmentService } from './environment.service.js';
import type { NewEnvironment } from './environment.service.js';
import { OwnedKinds } from './owned-things.js';
import { OwnerTeams } from './owner-teams.js';

const COMPANY = aCompanyId();
const TEAM = teamId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10');
const HEIR = teamId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e11');
const STRANGER = teamId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e12');

/** The one company has two teams. */
class TwoTeams extends OwnerTeams {
  override async expectOf(company: CompanyId | null, team: TeamId): Promise<void> {
    if (company !== COMPANY || team === STRANGER) throw ownerUnknown();
  }
}

function start() {
  const clock = new SetClock(new Date('2026-05-01T10:00:00.000Z'));
  const companies = new InMemoryCompanyRepository(clock);
  const environments = new InMemoryEnvironmentRepository(clock);
  const unitOfWork = new InMemoryUnitOfWork(companies.versions, environments.versions);
  const kinds = new OwnedKinds();
  const service = new EnvironmentService(environments, new TwoTeams(), unitOfWork, kinds);
  return {
    companies,
    environments,
    kinds,
    service,
    companyService: new CompanyService(companies, unitOfWork),
  };
}

const aRequest = (request: Partial<NewEnvironment> = {}): NewEnvironment => ({
  ...{ id: anEnvironmentId(), idIsGiven: false, tenant: 'acme', companyId: COMPANY, key: aKey() },
  ...{ content: {}, reason: null },
  ...request,
});
const at = ({ id }: EnvironmentState, ifVersion: number | null = null) => ({ id, ifVersion });

describe('environments', () => {
  it('are created once, under a key and an id of their own', async () => {
    const { service } = start();
    const request = aRequest({ idIsGiven: true, content: { labels: { a: '1', b: '2' } } });
    const { state, outcome } = await service.create(request);
    expect([outcome, state.version]).toEqual(['created', 1]);
    const again = { ...request, content: { labels: { b: '2', a: '1' }, name: request.key } };
    expect(await service.create(again)).toEqual({ state, outcome: 'unchanged' });
    for (const other of [{ content: {} }, { key: aKey() }, { companyId: aCompanyId() }, { tenant: null }])
      await expect(service.create({ ...request, ...other })).rejects.toThrow(IdConflict);
    const taken = service.create(aRequest({ key: request.key }));
    await expect(taken).rejects.toThrow(EnvironmentKeyTaken);
    await expect(taken).rejects.toMatchObject({ facts: { conflicting_id: state.id } });
  });

  it('have an owner of the same company, asked for where it is another one', async () => {
    const { service } = start();
    const stranger = { ownerTeamId: STRANGER };
    await expect(service.create(aRequest({ content: stranger }))).rejects.toThrow(CatalogReferenceUnknown);
    const loose = aRequest({ companyId: null, content: { ownerTeamId: TEAM } });
    await expect(service.create(loose)).rejects.toThrow(CatalogReferenceUnknown);
    const { state } = await service.create(aRequest({ content: { ownerTeamId: TEAM } }));
    await expect(service.revise(at(state), () => stranger, null)).rejects.toThrow(CatalogReferenceUnknown);
    expect((await service.revise(at(state), () => ({ ownerTeamId: null }), null)).version).toBe(2);
    expect(await service.rollBack(at(state), 1, null)).toMatchObject({ version: 3, ownerTeamId: TEAM });
  });

  it('are handed over, each with a version of its own', async () => {
    const { service, kinds } = start();
    for (const ownerTeamId of [TEAM, TEAM, HEIR])
      await service.create(aRequest({ content: { ownerTeamId } }));
    expect(kinds.all).toEqual([service]);
    expect([await service.count(TEAM), await service.count(HEIR)]).toEqual([2, 1]);
    await service.handOver(TEAM, HEIR, 'gone');
    await service.handOver(TEAM, HEIR, 'gone');
    expect([await service.count(TEAM), await service.count(HEIR)]).toEqual([0, 3]);
  });

  it('stay as long as resources stand in them', async () => {
    const { service, environments } = start();
    const { state } = await service.create(aRequest());
    environments.resources.set(state.key, 2);
    const refused = service.delete(at(state), null);
    await expect(refused).rejects.toThrow(EnvironmentInUse);
    await expect(refused).rejects.toMatchObject({ facts: { resources: 2 } });
    environments.resources.clear();
    await expect(service.delete(at(state, 7), null)).rejects.toThrow(StaleVersion);
    await service.delete(at(state, 1), null);
    await expect(service.delete(at(state), null)).rejects.toThrow(EnvironmentNotFound);
  });
});

describe('companies', () => {
  const aCompany = (request: Partial<NewCompany> = {}): NewCompany => ({
    ...{ id: aCompanyId(), idIsGiven: false, tenant: null, reason: null },
    content: { name: aKey(), description: null, labels: {} },
    ...request,
  });

  it('are created once, under a name and an id of their own', async () => {
    const { companyService: service } = start();
    const request = aCompany({ idIsGiven: true });
    const { state } = await service.create(request);
    expect(await service.create(request)).toEqual({ state, outcome: 'unchanged' });
    const other = { ...request, content: { ...request.content, description: 'd' } };
    await expect(service.create(other)).rejects.toThrow(IdConflict);
    const taken = service.create(aCompany({ content: request.content }));
    await expect(taken).rejects.toThrow(CompanyNameTaken);
    await expect(taken).rejects.toMatchObject({ facts: { conflicting_id: state.id } });
  });

  it('go back to a name only while nobody has it', async () => {
    const { companyService: service } = start();
    const request = aCompany();
    const { state } = await service.create(request);
    const target = { id: state.id, ifVersion: null };
    await service.revise(target, () => ({ name: aKey() }), null);
    const heir = await service.create(aCompany({ content: request.content }));
    await expect(service.rollBack(target, 1, null)).rejects.toThrow(CompanyNameTaken);
    await service.delete({ id: heir.state.id, ifVersion: null }, null);
    expect(await service.rollBack(target, 1, null)).toMatchObject({ version: 3, name: state.name });
  });

  it('stay as long as anything belongs to them', async () => {
    const { companyService: service, companies } = start();
    const { state } = await service.create(aCompany());
    const target = { id: state.id, ifVersion: null };
    const belongings = { users: 0, teams: 0, environments: 1, resources: 0 };
    companies.belongings.set(state.id, belongings);
    await expect(service.delete(target, null)).rejects.toThrow(CompanyInUse);
    await expect(service.delete(target, null)).rejects.toMatchObject({ facts: belongings });
    companies.belongings.clear();
    await service.delete(target, null);
    await expect(service.delete(target, null)).rejects.toThrow(CompanyNotFound);
  });
});
