import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, sameJson, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import { Company } from '../domain/company.js';
import type { CompanyContent, CompanyRevision, CompanyState } from '../domain/company.js';
import { CompanyInUse, CompanyNameTaken } from '../domain/company-errors.js';
import { CompanyRepository } from '../domain/company.repository.js';
import type { CompanyId } from '../domain/identity.js';

/** Which company to change, and the version the caller looked at when deciding to (null: any). */
export interface CompanyAt {
  readonly id: CompanyId;
  readonly ifVersion: ExpectedVersion;
}

/** A company that is to be made. */
export interface NewCompany {
  readonly id: CompanyId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly tenant: string | null;
  readonly content: CompanyContent;
  readonly reason: string | null;
}

/** What became of a request to make a company. */
export interface StoredCompany {
  readonly state: CompanyState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseCompany = (current: CompanyState) => CompanyRevision;

/** Everything that changes a company. */
@Injectable()
export class CompanyService {
  constructor(
    private readonly companies: CompanyRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored company is the answer.
   * @throws CompanyNameTaken, IdConflict, InvalidInput
   */
  create(request: NewCompany): Promise<StoredCompany> {
    return onceMore(request, (again) => this.#create(again));
  }

  #create(request: NewCompany): Promise<StoredCompany> {
    return this.#withHolder(async () => {
      if (request.idIsGiven && (await this.companies.isIdUsed(request.id))) return this.#repeat(request);
      const company = made(request);
      await this.companies.save(company);
      return { state: company.snapshot, outcome: 'created' };
    });
  }

  /** @throws CompanyNotFound, StaleVersion, CompanyNameTaken, InvalidInput */
  revise(target: CompanyAt, revise: ReviseCompany, reason: string | null): Promise<CompanyState> {
    return this.#change(target, (company) => company.revise(revise(company.snapshot), reason));
  }

  /** @throws CompanyNotFound, StaleVersion, VersionNotFound, CompanyNameTaken */
  rollBack(target: CompanyAt, version: number, reason: string | null): Promise<CompanyState> {
    return this.#change(target, async (company) => {
      company.revertTo(await this.companies.contentAt(target.id, version), version, reason);
    });
  }

  /** @throws CompanyNotFound, StaleVersion, CompanyInUse */
  async delete(target: CompanyAt, reason: string | null): Promise<void> {
    await this.#change(target, async (company) => {
      const belongings = await this.companies.belongingsOf(target.id);
      if (Object.values(belongings).some((count) => count > 0)) throw new CompanyInUse(belongings);
      company.delete(reason);
    });
  }

  #change(target: CompanyAt, act: (company: Company) => void | Promise<void>): Promise<CompanyState> {
    return this.#withHolder(async () => {
      const company = await this.companies.get(target.id);
      company.expectVersion(target.ifVersion);
      await act(company);
      await this.companies.save(company);
      return company.snapshot;
    });
  }

  /** @throws IdConflict */
  async #repeat(request: NewCompany): Promise<StoredCompany> {
    const stored = (await this.companies.findByName(request.tenant, request.content.name))?.snapshot;
    const wanted = made(request).snapshot;
    const { id, description, labels } = wanted;
    const isSame = stored?.id === id && sameJson([stored.description, stored.labels], [description, labels]);
    if (!stored || !isSame) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When the name is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof CompanyNameTaken)) throw error;
      const { tenant, company: name } = error;
      const holder = await this.unitOfWork.run(() => this.companies.findByName(tenant, name));
      throw new CompanyNameTaken(tenant, name, holder?.snapshot.id ?? null);
    }
  }
}

const made = ({ id, tenant, content, reason }: NewCompany): Company =>
  Company.create({ id, tenant }, content, reason);
