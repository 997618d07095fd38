import { randomUUID } from 'node:crypto';
import type { Reply, Sent, TestApi } from '../api.js';

export const BUDGET = '/api/v1/budget';
export const PAYEES = `${BUDGET}/payees`;
export const CATEGORIES = `${BUDGET}/categories`;
export const ITEMS = `${BUDGET}/items`;
export const BUDGETS = `${BUDGET}/budgets`;

/** A name that nothing has; also a slug. */
export const aName = (): string => `n-${randomUUID()}`;
export const aTenant = (): string => `t-${randomUUID()}`;

/** A payee that was just made: shared, unless the body names a tenant, and called as nobody else. */
export async function aPayee(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(PAYEES, { name: aName(), ...body }, sent));
}

/** A category that was just made, likewise: a root. */
export async function aCategory(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  return made(await api.post(CATEGORIES, { name: aName(), ...body }, sent));
}

/** A budget that was just made, likewise: 100.00 USD a month from 2026 on. */
export async function aBudget(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  const budget = { currency: 'USD', limit: '100.00', period: 'monthly', start_date: '2026-01-01' };
  return made(await api.post(BUDGETS, { name: aName(), ...budget, ...body }, sent));
}

/** An item that was just entered, likewise: 12.34 USD between two payees of its own. */
export async function anItem(api: TestApi, body: object = {}, sent: Sent = {}): Promise<any> {
  const item = {
    ...{ item: 'Bread', amount: '12.34', currency: 'USD', flow: 'outflow' },
    ...{ payor: aName(), payee: aName(), transaction_date: '2026-05-01' },
  };
  return made(await api.post(ITEMS, sides(item, body), sent));
}

/** A party that is named by its id takes the place of the one that is named by its name. */
function sides(item: Record<string, unknown>, body: object): object {
  const { payor, payee, ...rest } = item;
  const given = Object.keys(body);
  return {
    ...rest,
    ...(given.includes('payor_id') ? {} : { payor }),
    ...(given.includes('payee_id') ? {} : { payee }),
    ...body,
  };
}

export function made({ status, body }: Reply): any {
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Status and code of an answer. */
export const outcome = ({ status, body }: Reply): unknown[] => [status, body?.code];

/** The places and codes of everything that was wrong, sorted. */
export const mistakes = ({ body }: Pick<Reply, 'body'>): string[] =>
  body.errors.map(({ pointer, code }: any) => `${pointer} ${code}`).sort();
