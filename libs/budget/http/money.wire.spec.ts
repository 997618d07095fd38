import { Reading } from '#platform/http';
import { currencyCode } from '../domain/money.js';
import { readMoney, toMoneyWire } from './money.wire.js';

function read(value: unknown): unknown {
  const reading = new Reading();
  const money = readMoney(value, '/price', reading);
  if (reading.violations.length === 0) return money && toMoneyWire(money);
  return reading.violations.map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('money of a body', () => {
  it.each([
    [{ amount: '12.34', currency: 'USD' }, '12.34'],
    [{ dollars: 12, cents: 34, currency: 'USD' }, '12.34'],
    [{ dollars: 12, currency: 'USD' }, '12.00'],
    [{ cents: 5, currency: 'EUR' }, '0.05'],
    [{ amount: '12', currency: 'JPY' }, '12'],
  ])('is read from %j', (value, amount) => {
    expect(read(value)).toEqual({ amount, currency: value.currency });
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
    [{ amount: '1.00', currency: 'USD', unit: 1 }, ['/price/unit unknown_property']],
    ['1.00 USD', ['/price type']],
  ])('is not read from %j', (value, mistakes) => {
    expect(read(value)).toEqual(mistakes);
  });

  it('is shown with exactly the decimals of the currency', () => {
    expect(toMoneyWire({ minor: 5n, currency: currencyCode('KWD') })).toEqual({
      amount: '0.005',
      currency: 'KWD',
    });
  });
});
