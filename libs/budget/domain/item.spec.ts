import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import type { PayeeId } from './identity.js';
import { itemId, payeeId } from './identity.js';
import { ItemReconciled } from './item-errors.js';
import { Item } from './item.js';
import type { ItemContent, ItemRevision, ItemState } from './item.js';
import type { CurrencyCode } from './money.js';

const ID = itemId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10');
const [ADA, BOB, EVE] = ['a1', 'b2', 'e5'].map((end) =>
  payeeId(`01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e${end}`),
) as [PayeeId, PayeeId, PayeeId];

const unremarkable: ItemContent = {
  item: 'Coffee',
  amount: 1_234n,
  currency: 'USD' as CurrencyCode,
  flow: 'outflow',
  payorId: ADA,
  payeeId: BOB,
  categoryId: null,
  transactionDate: '2026-05-01',
  status: 'pending',
  teamId: null,
  environment: null,
  notes: null,
  labels: {},
};

const enter = (content: Partial<ItemContent> = {}): Item =>
  Item.enter({ id: ID, tenant: 'acme' }, { ...unremarkable, ...content });
const stored = (state: Partial<ItemState> = {}): Item =>
  Item.restore({ ...enter().snapshot, version: 3, ...state });

const placesOf = (work: () => unknown): string[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.violations.map(({ pointer, code }) => `${pointer} ${code}`);
  }
};

describe('a new item', () => {
  it('is what was said of it, and came with no import', () => {
    const item = enter();
    expect(item.snapshot).toEqual({
      ...unremarkable,
      ...{ id: ID, tenant: 'acme', version: 0, stamp: null, importId: null, importKey: null },
    });
    expect(item.change).toMatchObject({ type: 'created' });
  });

  it('tells everything that is wrong at once', () => {
    const wrong = { item: ' ', amount: 0n, payeeId: ADA, transactionDate: '2026-02-30', notes: '' };
    expect(placesOf(() => enter({ ...wrong, labels: { '-': 'x' } }))).toEqual([
      '/item too_short',
      '/amount not_positive',
      '/payee_id same_party',
      '/transaction_date date',
      '/notes too_short',
      '/labels/- label_key',
    ]);
  });

  it.each([
    [-1n, ['/amount not_positive']],
    [1n, []],
    [9_223_372_036_854_775_807n, []],
    [9_223_372_036_854_775_808n, ['/amount too_large']],
  ])('with an amount of %s is refused at %j', (amount, places) => {
    expect(placesOf(() => enter({ amount }))).toEqual(places);
  });

  it('counts characters, not bytes', () => {
    expect(placesOf(() => enter({ item: '☕'.repeat(200) }))).toEqual([]);
    expect(placesOf(() => enter({ item: '☕'.repeat(201) }))).toEqual(['/item too_long']);
  });
});

describe('changing an item', () => {
  it('changes what is named and leaves the date and the rest', () => {
    const item = stored();
    item.revise({ amount: 5n }, 'Typo.');
    expect(item.snapshot).toMatchObject({ amount: 5n, transactionDate: '2026-05-01', item: 'Coffee' });
    expect(item.change).toMatchObject({ type: 'updated', reason: 'Typo.' });
  });

  it('makes no version of what is as it was', () => {
    const item = stored({ labels: { a: '1', b: '2' } });
    item.revise({ amount: 1_234n, labels: { b: '2', a: '1' } }, null);
    expect(item.change).toBeNull();
  });

  it('judges the whole, not the part', () => {
    expect(placesOf(() => stored().revise({ payorId: BOB }, null))).toEqual(['/payee_id same_party']);
  });
});

describe('a reconciled item', () => {
  const reconciled = (): Item => stored({ status: 'reconciled' });

  it.each<ItemRevision>([
    { item: 'Tea' },
    { amount: 1n },
    { currency: 'EUR' as CurrencyCode },
    { flow: 'inflow' },
    { payorId: EVE },
    { payeeId: EVE },
    { categoryId: EVE as never },
    { transactionDate: '2026-05-02' },
    { status: 'cleared' },
    { teamId: EVE },
    { environment: 'production' },
    { notes: 'With it nothing else goes.', amount: 1n },
  ])('refuses %j', (revision) => {
    const item = reconciled();
    expect(() => item.revise(revision, null)).toThrow(ItemReconciled);
    expect([item.snapshot, item.change]).toEqual([reconciled().snapshot, null]);
  });

  it('takes notes and labels', () => {
    const item = reconciled();
    item.revise({ notes: 'Checked.', labels: { seen: 'yes' } }, null);
    expect(item.snapshot).toMatchObject({ notes: 'Checked.', labels: { seen: 'yes' }, status: 'reconciled' });
  });

  it('takes what it says already', () => {
    const item = reconciled();
    item.revise({ amount: 1_234n, status: 'reconciled' }, null);
    expect(item.change).toBeNull();
  });

  it('does not go, nor back to another content', () => {
    expect(() => reconciled().delete(null)).toThrow(ItemReconciled);
    expect(() => reconciled().revertTo(unremarkable, 1, null)).toThrow(ItemReconciled);
  });

  it('goes back to other notes', () => {
    const item = reconciled();
    item.revertTo({ ...unremarkable, status: 'reconciled', notes: 'Before.' }, 2, null);
    expect(item.snapshot.notes).toBe('Before.');
    expect(item.change).toMatchObject({ type: 'rolled_back', rolledBackFrom: 2 });
  });

  it('goes along when a party or a team becomes another', () => {
    const item = stored({ status: 'reconciled', teamId: ADA });
    item.moveParty(BOB, EVE, null);
    expect(item.snapshot).toMatchObject({ payorId: ADA, payeeId: EVE });
    item.handOver(ADA, EVE, null);
    expect(item.snapshot.teamId).toBe(EVE);
  });
});

describe('moving a party', () => {
  it('refuses to make one party of two', () => {
    expect(placesOf(() => stored().moveParty(BOB, ADA, null))).toEqual(['/payee_id same_party']);
  });

  it('leaves items of others alone', () => {
    const item = stored();
    item.moveParty(EVE, ADA, null);
    expect(item.change).toBeNull();
  });
});

it('becomes by any changes what a record of its fields would become', () => {
  const revisions = fc.array(
    fc.record(
      {
        amount: fc.bigInt({ min: 1n, max: 9_223_372_036_854_775_807n }),
        flow: fc.constantFrom('inflow' as const, 'outflow' as const),
        status: fc.constantFrom('planned' as const, 'pending' as const, 'cleared' as const),
        transactionDate: fc.constantFrom('0001-01-01', '2026-05-01', '9999-12-31'),
        notes: fc.option(fc.string({ minLength: 1, maxLength: 10 })),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(revisions, (all) => {
      const item = stored();
      let expected: ItemContent = unremarkable;
      for (const revision of all) {
        if (revision.notes?.trim() === '') continue;
        item.revise(revision, null);
        expected = { ...expected, ...revision };
      }
      expect(item.snapshot).toMatchObject(expected);
    }),
  );
});
