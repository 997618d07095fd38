import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import { CallContext, tenantColumn, tenantFromColumn, writeTenant } from '#platform/context';
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

  override async ofOrNone({ companyId, tenant }: AskedHome): Promise<LooseHome> {
    const { caller } = this.context.current;
    if (companyId !== undefined && companyId !== null) return this.#named(companyId, tenant);
    const own = writeTenant(caller, tenant);
    const companies = await this.database.read<CompanyPlace>({
      name: 'companies_of_tenant',
      text: 'select id, tenant from catalog.company where tenant = $1 limit 2',
      values: [tenantColumn(own)],
    });
    if (companies.length > 1) throw notNamed('The tenant has several companies.');
    return { companyId: (companies[0]?.id ?? null) as CompanyId | null, tenant: own };
  }

  async #named(id: string, tenant: string | null | undefined): Promise<Home> {
    const { caller } = this.context.current;
    const wanted = tenant === undefined ? undefined : writeTenant(caller, tenant);
    const [company] = await this.database.read<CompanyPlace>({
      name: 'company_place',
      text: 'select id, tenant from catalog.company where id = $1',
      values: [id],
    });
    if (!company || (wanted !== undefined && tenantColumn(wanted) !== company.tenant)) throw companyUnknown();
    const home = tenantFromColumn(company.tenant);
    return { companyId: company.id as CompanyId, tenant: writeTenant(caller, home) };
  }
}

const notNamed = (why: string): InvalidInput =>
  InvalidInput.at('/company_id', 'required', `It is required: ${why}`);
