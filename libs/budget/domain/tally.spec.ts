import type { BudgetState } from './budget.js';
import type { BudgetId, ItemId, PayeeId } from './identity.js';
import type { ItemState } from './item.js';
import { currencyCode } from './money.js';
import { Tally } from './tally.js';

const budget: BudgetState = {
  ...{ id: 'b' as BudgetId, tenant: 'acme', version: 1, stamp: null, name: 'All', ownerTeamId: null },
  scope: { teamId: null, environment: null, categoryIds: [], selector: null },
  ...{
    currency: currencyCode('USD'),
    limit: 100n,
    period: 'monthly',
    startDate: '2026-01-01',
    endDate: null,
  },
  ...{ timeZone: 'UTC', rollover: 'none', thresholds: [] },
};

const item: ItemState = {
  ...{ id: 'i' as ItemId, tenant: 'acme', version: 1, stamp: null, importId: null, importKey: null },
  ...{ item: 'Bread', amount: 5n, currency: currencyCode('USD'), flow: 'outflow' },
  ...{ payorId: 'a' as PayeeId, payeeId: 'b' as PayeeId, categoryId: null, transactionDate: '2026-02-03' },
  ...{ status: 'pending', teamId: null, environment: null, notes: null, labels: {} },
};

const tallied = (...notes: Parameters<Tally['note']>[0][]): Tally => {
  const tally = new Tally(budget, new Map());
  for (const note of notes) tally.note(note);
  return tally;
};

describe('a tally', () => {
  it('adds what comes and takes what goes, by the period of each', () => {
    const later = { ...item, id: 'later' as ItemId, amount: 7n, transactionDate: '2026-03-31' };
    const { added, lastItems } = tallied({ before: null, after: item }, { before: item, after: later });
    expect([...added]).toEqual([[2, 7n]]); // What came and went within February comes to nothing.
    expect(lastItems.get(2)).toBe('later');
  });

  it('has nothing of other tenants, not even of all, nor of days before the budget', () => {
    const others = ['other', null].map((tenant) => ({ before: null, after: { ...item, tenant } }));
    const early = { ...item, transactionDate: '2025-12-31' };
    expect([
      ...tallied(...others, { before: null, after: early }, { before: early, after: null }).added,
    ]).toEqual([]);
  });
});
