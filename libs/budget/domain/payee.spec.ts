import { InvalidInput } from '#shared-kernel';
import { payeeId } from './identity.js';
import { Payee } from './payee.js';
import type { PayeeContent } from './payee.js';

const identity = { id: payeeId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10'), tenant: null };
const plain: PayeeContent = { name: 'Shop', email: null, phone: null, labels: {} };

/** A stored payee with unremarkable values: a test names only what it is about. */
const aPayee = (content: Partial<PayeeContent> = {}): Payee =>
  Payee.restore({ ...identity, version: 1, stamp: null, ...plain, ...content });

function mistakesOf(content: Partial<PayeeContent>): string[] {
  try {
    Payee.create(identity, { ...plain, ...content });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.violations.map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

describe('a payee', () => {
  it.each(['+12', '+4930123456', `+${'9'.repeat(15)}`])('has the number %s', (phone) =>
    expect(mistakesOf({ phone })).toEqual([]),
  );

  it.each(['', '+', '+1', '+0123', '0301', '+49 30', `+${'9'.repeat(16)}`, '+49١٢', '+12\n'])(
    'has no number like %j',
    (phone) => expect(mistakesOf({ phone })).toEqual(['/phone pattern']),
  );

  it.each(['a@b.c', 'ada.lovelace+x@example.co.uk', 'ü@bücher.example'])('has the address %s', (email) =>
    expect(mistakesOf({ email })).toEqual([]),
  );

  it.each(['', 'a', '@b', 'a@', 'a@b@c', 'a b@c', 'a@b,c@d', '<a@b>', `${'x'.repeat(65)}@b.c`])(
    'has no address like %j',
    (email) => expect(mistakesOf({ email })).toEqual(['/email email']),
  );

  it('tells everything that is wrong at once', () => {
    expect(mistakesOf({ name: ' ', email: 'x', phone: 'x', labels: { 'a b': 'x' } })).toEqual([
      '/name length',
      '/email email',
      '/phone pattern',
      '/labels/a b label_key',
    ]);
  });

  it('has no new version where nothing is new', () => {
    const payee = aPayee({ labels: { a: '1', b: '2' } });
    payee.revise({ name: ' Shop ', labels: { b: '2', a: '1' } }, 'why');
    expect(payee.change).toBeNull();
    payee.revise({ labels: { a: '1' } }, 'why');
    expect(payee.change).toMatchObject({ type: 'updated', reason: 'why' });
  });

  it('goes back, goes away, and tells whether it was merged', () => {
    const payee = aPayee({ name: 'New' });
    payee.revertTo(plain, 1, null);
    expect([payee.snapshot.name, payee.change?.rolledBackFrom]).toEqual(['Shop', 1]);
    payee.delete(null);
    expect(payee.change).toMatchObject({ type: 'deleted', removes: true });
    payee.mergeAway('dup');
    expect(payee.change).toMatchObject({ type: 'merged', removes: true, reason: 'dup' });
  });
});
