import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import { CallContext, readTenant, tenantColumn, tenantFromColumn, writeTenant } from '#platform/context';
import { Database } from '#platform/database';
import { CompanyOf } from '../application/company-of.js';
import type { AskedHome, Home, LooseHome } from '../application/company-of.js';
import { companyUnknown } from '../domain/errors.js';
import type { CompanyId } from '../domain/identity.js';

interface CompanyPlace {
  readonly id: string;
  readonly tenant: string;
}

@Injectable()
export class SqlCompanyOf extends CompanyOf {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
  ) {
    super();
  }

  override async of(asked: AskedHome): Promise<Home> {
    const { companyId, tenant } = await this.ofOrNone(asked);
    if (companyId === null) throw notNamed('The tenant has no company yet.');
    return { companyId, tenant };
  }

  override async ofOrNone(asked: AskedHome): Promise<LooseHome> {
    const home = await this.#find(asked, writeTenant);
    if (home.companyId !== null) writeTenant(this.context.current.caller, home.tenant);
    return home;
  }

  override seenOrNone(asked: AskedHome): Promise<LooseHome> {
    return this.#find(asked, readTenant);
  }

  /** @param tenantOf which tenant is meant by what is named, and whether the caller may */
  async #find({ companyId, tenant }: AskedHome, tenantOf: typeof writeTenant): Promise<LooseHome> {
    const { caller } = this.context.current;
    if (companyId !== undefined && companyId !== null)
      return this.#named(companyId, tenant === undefined ? undefined : tenantOf(caller, tenant));
    const own = tenantOf(caller, tenant);
    const companies = await this.database.read<CompanyPlace>({
      name: 'companies_of_tenant',
      text: 'select id, tenant from catalog.company where tenant = $1 limit 2',
      values: [tenantColumn(own)],
    });
    if (companies.length > 1) throw notNamed('The tenant has several companies.');
    return { companyId: (companies[0]?.id ?? null) as CompanyId | null, tenant: own };
  }

  async #named(id: string, wanted: string | null | undefined): Promise<Home> {
    const [company] = await this.database.read<CompanyPlace>({
      name: 'company_place',
      text: 'select id, tenant from catalog.company where id = $1',
      values: [id],
    });
    if (!company || (wanted !== undefined && tenantColumn(wanted) !== company.tenant)) throw companyUnknown();
    return { companyId: company.id as CompanyId, tenant: tenantFromColumn(company.tenant) };
  }
}

const notNamed = (why: string): InvalidInput =>
  InvalidInput.at('/company_id', 'required', `It is required: ${why}`);
