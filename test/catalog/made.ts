import { randomUUID } from 'node:crypto';
import type { Reply, Sent, TestApi } from '../api.js';

export const COMPANIES = '/api/v1/companies';
export const USERS = '/api/v1/users';
export const TEAMS = '/api/v1/teams';
export const ENVIRONMENTS = '/api/v1/environments';

export const RESOURCES = '/api/v1/resources';

/** A name that nothing has; also a slug. */
export const aName = (): string => `n-${randomUUID()}`;
export const aTenant = (): string => `t-${randomUUID()}`;

/** A company that was just made: shared, unless the body names a tenant. */
export async function aCompany(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(COMPANIES, { name: aName(), ...body }, sent));
}

/** A user that was just made, in the company of this id. */
export async function aUser(
  api: TestApi,
  companyId: string,
  body: object = {},
  sent: Sent = {},
): Promise<any> {
  const name = aName();
  const user = { company_id: companyId, name, email: `${name}@example.com`, ...body };
  return made(await api.post(USERS, user, sent));
}

/** A tenant of its own, with one company. */
export async function aHome(api: TestApi): Promise<{ tenant: string; company: any }> {
  const tenant = aTenant();
  return { tenant, company: await aCompany(api, { tenant_id: tenant }) };
}

/** An environment that was just made, under a key that nothing has unless the body names one. */
export async function anEnvironment(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(ENVIRONMENTS, { key: aName(), ...body }, sent));
}

/** A team that was just made, likewise: a root without members. */
export async function aTeam(
  api: TestApi,
  companyId: string,
  body: object = {},
  sent: Sent = {},
): Promise<any> {
  return made(await api.post(TEAMS, { company_id: companyId, name: aName(), ...body }, sent));
}

/** A resource that was just made, likewise: a service. */
export async function aResource(
  api: TestApi,
  companyId: string,
  body: object = {},
  sent: Sent = {},
): Promise<any> {
  const resource = { company_id: companyId, name: aName(), type: 'service', ...body };
  return made(await api.post(RESOURCES, resource, sent));
}

export function made({ status, body }: Reply): any {
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Status and code of an answer. */
export const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];

/** The places and codes of everything that was wrong, sorted. */
export const mistakes = ({ body }: Reply): string[] =>
  body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`).sort();

/** An order of texts, for what comes in none. */
export const byText = (one: string, other: string): number => (one < other ? -1 : 1);
