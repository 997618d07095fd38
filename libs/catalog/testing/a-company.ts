import { v7 as uuidv7 } from 'uuid';
import { Company } from '../domain/company.js';
import type { CompanyContent, CompanyState } from '../domain/company.js';
import { Environment } from '../domain/environment.js';
import type { EnvironmentIdentity, EnvironmentRevision, EnvironmentState } from '../domain/environment.js';
import { companyId, environmentId, slug } from '../domain/identity.js';
import type { CompanyId, EnvironmentId, Slug } from '../domain/identity.js';

export const aCompanyId = (): CompanyId => companyId(uuidv7());
export const anEnvironmentId = (): EnvironmentId => environmentId(uuidv7());
/** A key, and a name, that nothing has. */
export const aKey = (): Slug => slug(`k-${uuidv7()}`, '/key');

/** A company that is not stored yet: shared, with a name that nothing has. */
export const aNewCompany = (
  state: Partial<CompanyContent & Pick<CompanyState, 'id' | 'tenant'>> = {},
): Company => {
  const { id = aCompanyId(), tenant = null, name = aKey(), description = null, labels = {} } = state;
  return Company.create({ id, tenant }, { name, description, labels });
};

/** An environment that is not stored yet: shared, of no company, with a key that nothing has. */
export const aNewEnvironment = (
  identity: Partial<EnvironmentIdentity> = {},
  content: EnvironmentRevision = {},
): Environment =>
  Environment.create(
    { id: anEnvironmentId(), tenant: null, companyId: null, key: aKey(), ...identity },
    content,
  );

/** As if it had just been loaded. */
export const storedEnvironment = (state: Partial<EnvironmentState> = {}): Environment =>
  Environment.restore({ ...aNewEnvironment().snapshot, version: 1, ...state });
