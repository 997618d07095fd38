import pg from 'pg';
import type { TestApi } from '../api.js';
import { BUDGETS, CATEGORIES, ITEMS } from './made.js';

/** What the periods say is what all items come to, one by one. */
export async function expectCounted(
  api: TestApi,
  budget: any,
  [rootId, leafId]: [string, string],
): Promise<void> {
  const isBelow = (await api.get(`${CATEGORIES}/${leafId}`)).body.parent_id === rootId;
  const counted = new Set([rootId, ...(isBelow ? [leafId] : [])]);
  const isOfCategories = budget.scope.category_ids.length > 0;
  const { items } = (await api.get(`${ITEMS}?tenant_id=${budget.tenant_id}&limit=1000`)).body;
  const fitting = items.filter(
    (one: any) =>
      one.status !== 'planned' &&
      (!isOfCategories || counted.has(one.category_id)) &&
      (budget.scope.selector === null || one.labels.a === 'b') &&
      (isOfCategories || one.flow === 'outflow'),
  );
  const periods = (
    await api.get(`${BUDGETS}/${budget.id}/periods?from=${budget.start_date}&until=${budget.end_date}`)
  ).body.items;
  const naive = periods.map(({ from, until }: any) =>
    fitting
      .filter((one: any) => one.transaction_date >= from && one.transaction_date < until)
      .reduce((sum: bigint, one: any) => sum + minor(one.amount) * (one.flow === 'inflow' ? -1n : 1n), 0n),
  );
  expect(periods.map(({ spent }: any) => minor(spent))).toEqual(naive);
  const carried = periods.map(({ carried_in }: any) => minor(carried_in));
  for (const [index, period] of periods.entries()) {
    const left = minor(period.remaining);
    expect(left).toBe(10_000n + (carried[index] ?? 0n) - (naive[index] ?? 0n));
    if (index === periods.length - 1) continue;
    const kept = { none: 0n, all: left, surplus: left > 0n ? left : 0n }[budget.rollover as 'all'];
    expect(carried[index + 1]).toBe(kept);
  }
}

const minor = (text: string): bigint => BigInt(text.replace('.', ''));

/** What no request brings about. */
export async function planted(api: TestApi, text: string): Promise<void> {
  const owner = new pg.Client(api.database.url);
  await owner.connect();
  try {
    await owner.query(`select set_config('app.tenant', '*', false)`);
    await owner.query(text);
  } finally {
    await owner.end();
  }
}
