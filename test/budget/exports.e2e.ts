import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { TestApi } from '../api.js';
import { counts, errors, importing } from './imported.js';
import { aCategory, anItem, aPayee, aTenant, BUDGET, ITEMS, mistakes, outcome } from './made.js';

const EXPORT = `${BUDGET}/export`;
/** Debian has it as a package; whoever has not installed it is told that nothing was compared. */
const hasHledger = spawnSync('hledger', ['--version']).status === 0;
const whereHledgerIs = hasHledger ? it : it.skip;

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

async function exported(tenant: string, query = ''): Promise<string> {
  const { status, text } = await api.get(`${EXPORT}?tenant_id=${tenant}${query}`);
  expect(status).toBe(200);
  return text;
}

describe('an export', () => {
  it('of CSV has every column, and is safe for spreadsheets', async () => {
    const tenant = aTenant();
    const payee = await aPayee(api, { tenant_id: tenant, name: 'The "roastery", Berlin' });
    const food = await aCategory(api, { tenant_id: tenant, name: 'Food' });
    const beans = await aCategory(api, { tenant_id: tenant, name: 'Beans', parent_id: food.id });
    const item = await anItem(api, {
      ...{ tenant_id: tenant, item: '=1+1', payor: '-me', payee_id: payee.id, category_id: beans.id },
      ...{ amount: '1.234', currency: 'KWD', notes: 'one\ntwo', labels: { trip: 'paris' } },
    });
    const { headers, text } = await api.get(`${EXPORT}?tenant_id=${tenant}&format=csv`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text.split('\r\n')).toEqual([
      'id,item,amount,currency,flow,payor_id,payor,payee_id,payee,category_id,category,transaction_date,status,team_id,environment,notes,labels',
      `${item.id},'=1+1,1.234,KWD,outflow,${item.payor_id},'-me,${payee.id},"The ""roastery"", Berlin",${beans.id},Food:Beans,2026-05-01,pending,,,"one\ntwo","{""trip"":""paris""}"`,
      '',
    ]);
    expect(await exported(tenant)).toBe(text);
  });

  it('of hledger is a transaction an item, from whom to what', async () => {
    const tenant = aTenant();
    const food = await aCategory(api, { tenant_id: tenant, name: 'Food: fresh' });
    const [outflow, inflow, planned] = [
      await anItem(api, {
        ...{ tenant_id: tenant, item: 'Milk; 2 l', payor: 'Home', payee: 'A|B  shop', category_id: food.id },
        ...{ notes: 'first\n  2026-01-01 * no\n\nlast', labels: { trip: 'paris' }, status: 'reconciled' },
      }),
      await anItem(api, {
        ...{ tenant_id: tenant, item: 'Pay', payor: 'Work', payee: 'Home', amount: '300', currency: 'JPY' },
        ...{ flow: 'inflow', transaction_date: '2026-05-02' },
      }),
      await anItem(api, {
        ...{ tenant_id: tenant, item: 'Rent', payor: 'Home', payee: 'Landlord', status: 'planned' },
        ...{ transaction_date: '2026-05-03' },
      }),
    ];
    const ids = (item: any): string => `payor_id:${item.payor_id}, payee_id:${item.payee_id}`;
    const { headers, text } = await api.get(`${EXPORT}?tenant_id=${tenant}&format=hledger`);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text.split('\n')).toEqual([
      ...['decimal-mark .', '', 'commodity 1000.00 USD', ''],
      `2026-05-01 * (${outflow.id}) A｜B shop | Milk； 2 l`,
      `    ; status:reconciled, ${ids(outflow)}, category_id:${food.id}, label.trip:paris`,
      ...['    ; first', '    ; 2026-01-01 * no', '    ;', '    ; last'],
      ...['    expenses:Food： fresh  12.34 USD', '    assets:Home  -12.34 USD', ''],
      ...['commodity 1000. JPY', ''],
      `2026-05-02 ! (${inflow.id}) Work | Pay`,
      `    ; status:pending, ${ids(inflow)}`,
      ...['    assets:Home  300 JPY', '    income  -300 JPY', ''],
      `2026-05-03 (${planned.id}) Landlord | Rent`,
      `    ; status:planned, ${ids(planned)}`,
      ...['    expenses  12.34 USD', '    assets:Home  -12.34 USD', '', ''],
    ]);
  });

  it('is of the items that the filters of a list let through, and of one tenant', async () => {
    const tenant = aTenant();
    const [ada, bob] = [await aPayee(api, { tenant_id: tenant }), await aPayee(api, { tenant_id: tenant })];
    const sides = { tenant_id: tenant, payor_id: ada.id, payee_id: bob.id };
    await anItem(api, { ...sides, item: 'a', transaction_date: '2026-01-01' });
    await anItem(api, { ...sides, item: 'b', transaction_date: '2026-02-01', status: 'cleared' });
    await anItem(api, { ...sides, item: 'c', payor_id: bob.id, payee_id: ada.id });
    await anItem(api, { item: 'shared' });
    await anItem(api, { tenant_id: aTenant(), item: 'foreign' });
    const names = async (query: string): Promise<string> =>
      (await exported(tenant, query))
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[1])
        .join('');
    expect(await names('')).toBe('abc');
    expect(await names('&status=cleared')).toBe('b');
    expect(await names('&from=2026-01-02')).toBe('bc');
    expect(await names(`&party_id=${ada.id},${bob.id}`)).toBe('abc');
    expect(await names(`&payor_id=${bob.id}`)).toBe('c');
    expect(await names('&q=nothing')).toBe('');
  });

  it('is not of another tenant, nor of a question that makes no sense', async () => {
    const key = await api.key('viewer', aTenant());
    expect(outcome(await api.get(`${EXPORT}?tenant_id=${aTenant()}`, { key }))).toEqual([
      403,
      'tenant_forbidden',
    ]);
    expect((await api.get(EXPORT, { key })).text.split('\r\n')).toHaveLength(2);
    expect(mistakes(await api.get(`${EXPORT}?format=ofx`))).toEqual(['/format choice']);
    expect(mistakes(await api.get(`${EXPORT}?from=2026-02-30&amount_min=1`))).toEqual([
      '/amount_min needs_currency',
      '/from date',
    ]);
    for (const name of ['limit', 'cursor', 'sort', 'include_total'])
      expect(mistakes(await api.get(`${EXPORT}?${name}=1`))).toEqual([`/${name} unknown_property`]);
  });
});

const SEED = 20_260_501;
/** More than are read at once. */
const COUNT = 1_010;
const DECIMALS: Readonly<Record<string, number>> = { USD: 2, EUR: 2, JPY: 0, KWD: 3, CLF: 4, XOF: 0 };

/** Names that a journal could take for something else. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[':', ';', '|', '  ', '  ; x', '*', '!', '(a)', '[b]', '=', '@', '"', "'", '#', '\\'],
      ),
      fc.constantFrom(...['-1 USD', '2026-01-01', 'date:2026-99-99', '{1}', '\u00A0\u3000', 'é☕', '%', '~']),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));

const drawn = fc.record({
  item: nasty.map((text) => `${text}x`),
  currency: fc.constantFrom(...Object.keys(DECIMALS)),
  minor: fc.oneof(
    fc.bigInt({ min: 1n, max: 100_000n }),
    fc.bigInt({ min: 1n, max: 9_223_372_036_854_775_807n }),
  ),
  flow: fc.constantFrom('inflow', 'outflow'),
  status: fc.constantFrom('planned', 'pending', 'cleared', 'reconciled'),
  payor: fc.nat({ max: 9 }),
  payee: fc.nat({ max: 9 }),
  category: fc.nat({ max: 7 }),
  day: fc.integer({ min: 1, max: 28 }),
  year: fc.constantFrom('0001', '1999', '2026', '9999'),
  notes: fc.oneof(
    fc.constant(null),
    nasty.map((text) => `n\n${text}\r\n2026-01-01 * x\n  a  1 USD`),
  ),
});

describe('an export of many items', () => {
  const tenant = aTenant();
  const categories: any[] = [];
  let all: readonly any[] = [];

  beforeAll(async () => {
    const names = fc.sample(nasty, { numRuns: 16, seed: SEED }).map((name, index) => `${name}#${index}`);
    const printable = names.map((name) => name.replaceAll(/\p{Cc}/gu, ''));
    const payees = await Promise.all(
      printable.slice(0, 10).map((name) => aPayee(api, { tenant_id: tenant, name })),
    );
    for (const [index, name] of printable.slice(10).entries()) {
      const parent = index % 2 === 1 ? { parent_id: categories[index - 1].id } : {};
      categories.push(await aCategory(api, { tenant_id: tenant, name, ...parent }));
    }
    all = fc.sample(drawn, { numRuns: COUNT, seed: SEED }).map((one) => ({
      ...one,
      id: randomUUID(),
      date: `${one.year}-02-${String(one.day).padStart(2, '0')}`,
      payor: payees[one.payor],
      payee: payees[one.payor === one.payee ? (one.payee + 1) % 10 : one.payee],
      category: categories[one.category] ?? null,
    }));
    const operations = all.map(({ id, item, currency, minor, flow, status, notes, ...one }) => ({
      ...{ op: 'create', id, tenant_id: tenant, item, currency, flow, status, notes },
      ...{ amount: decimal(minor, currency), payor_id: one.payor.id, payee_id: one.payee.id },
      ...{ category_id: one.category?.id ?? null, transaction_date: one.date },
    }));
    for (let at = 0; at < COUNT; at += 500) {
      const batch = { operations: operations.slice(at, at + 500) };
      expect((await api.post(`${ITEMS}/batch`, batch)).status).toBe(200);
    }
  }, 60_000);

  it('has each once, by date', async () => {
    const ids = [...(await exported(tenant, '&format=hledger')).matchAll(/^(\S+) (?:[!*] )?\((\S+)\) /gm)];
    expect(ids.map(([, date, id]) => `${date} ${id}`)).toEqual(
      all.map(({ date, id }) => `${date} ${id}`).sort(),
    );
    expect((await exported(tenant)).match(/^[0-9a-f-]{36},/gm)).toEqual(ids.map(([, , id]) => `${id},`));
  });

  it('sent back as it came adds nothing', async () => {
    const reply = await importing(api)(await exported(tenant), { tenant_id: tenant });
    expect([errors(reply), counts(reply)]).toEqual([[], [200, COUNT, 0, COUNT, 0]]);
  });

  whereHledgerIs('comes to what hledger says, account by account, to the last minor unit', async () => {
    const expected = new Map<string, bigint>();
    const add = (name: string, currency: string, minor: bigint): void => {
      expected.set(`${name} ${currency}`, (expected.get(`${name} ${currency}`) ?? 0n) + minor);
    };
    for (const { flow, currency, minor, payor, payee, category } of all) {
      const [root, sign, us] = flow === 'outflow' ? ['expenses', 1n, payor] : ['income', -1n, payee];
      const parent = categories.find(({ id }) => id === category?.parent_id);
      const path = [parent, category].flatMap((one) => (one ? [account(one.name)] : []));
      add([root, ...path].join(':'), currency, sign * minor);
      add(`assets:${account(us.name)}`, currency, -sign * minor);
    }
    const open = [...expected].filter(([, minor]) => minor !== 0n);
    expect(open.length).toBeGreaterThan(80);
    expect(balancesOf(await exported(tenant, '&format=hledger'))).toEqual(
      Object.fromEntries(open.map(([key, minor]) => [key, minor.toString()])),
    );
  });
});

/** As the journal says it has to call them. */
const account = (name: string): string =>
  name.replaceAll(/\s+/gu, ' ').trim().replaceAll(':', '：').replaceAll(';', '；');

function decimal(minor: bigint, currency: string): string {
  const decimals = DECIMALS[currency] ?? 0;
  const digits = minor.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** What hledger says, by account and currency, in minor units. */
function balancesOf(journal: string): Record<string, string> {
  const { status, stdout, stderr } = spawnSync(
    'hledger',
    ['-f', '-', 'balance', '--flat', '--no-total', '--output-format=csv', '--layout=bare'],
    { input: journal, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' }, maxBuffer: 1e8 },
  );
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.trimEnd().split('\n').slice(1);
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', currency = '', amount = ''] = /^"(.*)","(.*)","(.*)"$/.exec(line) ?? [];
      const minor = amount.replace('.', '').replace(/^(-?)0+(?=\d)/, '$1');
      return [`${name.replaceAll('""', '"')} ${currency}`, minor];
    }),
  );
}
