import { Reading } from '#platform/http';
import { formatAmount } from '../domain/money.js';
import { readAmount, readCurrency } from './money.wire.js';
import type { SentAmount } from './money.wire.js';

function read(sent: SentAmount & { readonly currency?: unknown }): unknown {
  const reading = new Reading();
  const currency = readCurrency(sent.currency, '/price/currency', reading);
  const minor = readAmount(sent, currency, '/price', reading);
  if (currency === null || minor === null)
    return reading.violations.map(({ pointer, code }) => `${pointer} ${code}`);
  return formatAmount({ minor, currency });
}

describe('money of a body', () => {
  it.each([
    [{ amount: '12.34', currency: 'USD' }, '12.34'],
    [{ dollars: 12, cents: 34, currency: 'USD' }, '12.34'],
    [{ dollars: 12, currency: 'USD' }, '12.00'],
    [{ cents: 5, currency: 'EUR' }, '0.05'],
    [{ amount: '12', currency: 'JPY' }, '12'],
  ])('is read from %j', (value, amount) => {
    expect(read(value)).toBe(amount);
  });

  it.each([
    [{ amount: 12.34, currency: 'USD' }, ['/price/amount type']],
    [{ amount: null, currency: 1 }, ['/price/currency type', '/price/amount type']],
    [{ amount: '12.345', currency: 'USD' }, ['/price/amount too_many_decimals']],
    [{ amount: '12.345', currency: 'usd' }, ['/price/currency unknown_currency']],
    [{}, ['/price/currency required', '/price/amount required']],
    [{ amount: '1.00', dollars: 1, currency: 'USD' }, ['/price/amount conflict']],
    [
      { dollars: -1, cents: 100, currency: 'USD' },
      ['/price/dollars negative_amount', '/price/cents too_large'],
    ],
    [{ dollars: 1.5, cents: '3', currency: 'USD' }, ['/price/dollars type', '/price/cents type']],
    [{ dollars: 1, cents: 5, currency: 'JPY' }, ['/price/dollars not_in_cents']],
    [{ cents: 5, currency: 'KWD' }, ['/price/cents not_in_cents']],
  ])('is not read from %j', (value, mistakes) => {
    expect(read(value)).toEqual(mistakes);
  });
});
