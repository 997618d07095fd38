import type { Reply, Sent, TestApi } from '../api.js';
import { BUDGET, ITEMS, PAYEES } from './made.js';

export const IMPORTS = `${BUDGET}/imports`;

/** Parameters of the query; the format is CSV unless they say another one. */
export type Asked = Readonly<Record<string, string>>;

const TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  ofx: 'application/x-ofx',
  qif: 'application/x-qif',
};

/** Sends a file to be imported. */
export function importing(api: TestApi) {
  return (file: string | Buffer, asked: Asked, { headers = {}, ...sent }: Sent = {}): Promise<Reply> => {
    const query = new URLSearchParams({ format: 'csv', ...asked }).toString();
    const type = TYPES[asked['format'] ?? 'csv'] ?? 'text/csv';
    return api.post(`${IMPORTS}?${query}`, file, { headers: { 'Content-Type': type, ...headers }, ...sent });
  };
}

/** Status, total, created, unchanged, failed. */
export const counts = ({ status, body }: Reply): unknown[] => [
  status,
  body.total,
  body.created,
  body.unchanged,
  body.failed,
];

/** Line, place and code of everything that was wrong. */
export const errors = ({ body }: Reply): string[] =>
  body.errors.map(({ line, pointer, code }: any) => `${line} ${pointer} ${code}`);

/** By day and name. */
export async function itemsOf(api: TestApi, tenant: string, more = ''): Promise<any[]> {
  const { body } = await api.get(`${ITEMS}?tenant_id=${tenant}&sort=transaction_date,item&limit=1000${more}`);
  return body.items;
}

/** The names of the tenant's own. */
export async function payeesOf(api: TestApi, tenant: string): Promise<string[]> {
  const { body } = await api.get(`${PAYEES}?tenant_id=${tenant}`);
  return body.items.filter(({ tenant_id }: any) => tenant_id === tenant).map(({ name }: any) => name);
}

/** Items as somebody reads them: the day, who paid whom, how much, what for. */
export async function paymentsOf(api: TestApi, tenant: string): Promise<unknown[][]> {
  const { body } = await api.get(`${PAYEES}?tenant_id=${tenant}&limit=1000`);
  const names = new Map(body.items.map(({ id, name }: any) => [id, name]));
  return (await itemsOf(api, tenant)).map((item) => [
    ...[item.transaction_date, names.get(item.payor_id), names.get(item.payee_id)],
    ...[item.amount, item.item],
  ]);
}

/** A table of items, by its lines. */
export const table = (...lines: string[]): string =>
  ['item,amount,currency,payor,payee,transaction_date', ...lines].join('\n');

export const BREAD = 'Bread,-3.20,EUR,Me,Baker,2026-05-01';
export const SALARY = 'Salary,2000,EUR,Work,Me,2026-05-02';
