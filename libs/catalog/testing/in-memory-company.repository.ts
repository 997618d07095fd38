import { VersionsInMemory } from '#platform/testing';
import { IdConflict } from '#shared-kernel';
import type { Clock } from '#shared-kernel';
import { Company } from '../domain/company.js';
import type { CompanyContent, CompanyState } from '../domain/company.js';
import { CompanyNameTaken, CompanyNotFound } from '../domain/company-errors.js';
import type { CompanyBelongings } from '../domain/company-errors.js';
import { CompanyRepository } from '../domain/company.repository.js';
import type { CompanyId } from '../domain/identity.js';

const NOTHING: CompanyBelongings = { users: 0, teams: 0, environments: 0, resources: 0 };

/** The companies of all tenants, with their history; as the contract says, without a database. */
export class InMemoryCompanyRepository extends CompanyRepository {
  readonly versions: VersionsInMemory<CompanyState>;
  /** What belongs to companies, by their ids. */
  readonly belongings = new Map<CompanyId, CompanyBelongings>();

  constructor(clock: Clock) {
    super();
    this.versions = new VersionsInMemory<CompanyState>(clock, {
      idUsed: () => new IdConflict(),
      between: ({ tenant, name }, others) =>
        others.some((other) => other.tenant === tenant && other.name === name)
          ? new CompanyNameTaken(tenant, name, null)
          : null,
    });
  }

  override async get(id: CompanyId): Promise<Company> {
    const state = this.versions.get(id);
    if (!state) throw new CompanyNotFound();
    return Company.restore(state);
  }

  override async findByName(tenant: string | null, name: string): Promise<Company | null> {
    const state = this.versions.all.find((each) => each.tenant === tenant && each.name === name);
    return state ? Company.restore(state) : null;
  }

  override async contentAt(id: CompanyId, version: number): Promise<CompanyContent> {
    const { name, description, labels } = this.versions.at(id, version);
    return { name, description, labels };
  }

  override async isIdUsed(id: CompanyId): Promise<boolean> {
    return this.versions.isUsed(id);
  }

  override async belongingsOf(id: CompanyId): Promise<CompanyBelongings> {
    return this.belongings.get(id) ?? NOTHING;
  }

  override async save(company: Company): Promise<void> {
    this.versions.save(company);
  }
}
