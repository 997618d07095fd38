import { TestApi } from '../api.js';
import { BREAD, counts, errors, importing, IMPORTS, itemsOf, paymentsOf, table } from './imported.js';
import { aCategory, anItem, aPayee, aTenant, ITEMS, mistakes, outcome, PAYEES } from './made.js';

let api: TestApi;
let send: ReturnType<typeof importing>;

beforeAll(async () => {
  api = await TestApi.start();
  send = importing(api);
});

afterAll(() => api.stop());

describe('a table', () => {
  it('of a bank is read by its own words, the other party in the one column that there is', async () => {
    const tenant = aTenant();
    const file =
      'Date;Payee;Description;Amount\n01/05/2026;Baker;card 1;-3,2\n2/5/2026;Work;May;2000\n3/5/2026;;Fee;-1,00\n';
    const asked = { tenant_id: tenant, account: 'Checking', currency: 'EUR', date_format: 'DD/MM/YYYY' };
    const done = await send(file, asked);
    expect(counts(done)).toEqual([201, 3, 3, 0, 0]);
    expect(await paymentsOf(api, tenant)).toEqual([
      ['2026-05-01', 'Checking', 'Baker', '3.20', 'card 1'],
      ['2026-05-02', 'Work', 'Checking', '2000.00', 'May'],
      ['2026-05-03', 'Checking', 'Fee', '1.00', 'Fee'],
    ]);
    const account = (await api.get(`${PAYEES}?tenant_id=${tenant}&name=Checking`)).body.items[0];
    await api.patch(`${PAYEES}/${account.id}`, { name: 'Giro' });
    expect(counts(await send(file, { ...asked, account: account.id }))).toEqual([200, 3, 0, 3, 0]);
  });

  it('may say everything of an item, and finds items by their ids', async () => {
    const tenant = aTenant();
    const food = await aCategory(api, { tenant_id: tenant, name: 'Food' });
    const bakery = await aCategory(api, { tenant_id: tenant, name: 'Bakery', parent_id: food.id });
    const there = await anItem(api, { tenant_id: tenant });
    const fresh = crypto.randomUUID();
    const file = [
      'id,item,amount,currency,flow,payor_id,payor,payee,category,transaction_date,status,environment,notes,labels',
      `${there.id},other,1.00,EUR,-,,a,b,,2026-05-01,,,,`,
      `${fresh},Rolls,1.00,EUR,outflow,,a,b, food : BAKERY,2026-05-01,cleared,production,'=1,"{""trip"":""rome""}"`,
      `${fresh},Twice,1.00,EUR,outflow,,a,b,,2026-05-01,,,,`,
      `,Nowhere,1.00,EUR,outflow,,a,b,Drinks,2026-05-01,,,,`,
      `,Nobody,1.00,EUR,outflow,${crypto.randomUUID()},,b,,2026-05-01,,,,`,
      `,Known by name,1.00,EUR,outflow,${crypto.randomUUID()},a,b,,2026-05-01,,,,`,
      `,Signed,-1.00,EUR,outflow,,a,b,,2026-05-01,,,,[]`,
    ].join('\n');
    const done = await send(file, { tenant_id: tenant });
    expect([counts(done), errors(done)]).toEqual([
      [201, 7, 2, 1, 4],
      [
        '4 /id duplicate',
        '5 /category category_unknown',
        '6 /payor_id payee_unknown',
        ...['8 /amount negative_amount', '8 /labels type'],
      ],
    ]);
    expect((await api.get(`${ITEMS}/${fresh}`)).body).toMatchObject({
      ...{ item: 'Rolls', category_id: bakery.id, status: 'cleared', environment: 'production', notes: '=1' },
      labels: { trip: 'rome' },
    });
    expect(counts(await send(file, { tenant_id: tenant, unknown_categories: 'leave_out' }))).toEqual([
      201, 7, 1, 3, 3,
    ]);
    await api.delete(`${ITEMS}/${fresh}`);
    expect(counts(await send(file, { tenant_id: tenant }))).toEqual([201, 7, 1, 3, 3]);
    expect(outcome(await api.get(`${ITEMS}/${fresh}`))).toEqual([404, 'item_not_found']);
    const elsewhere = aTenant();
    expect(counts(await send(file, { tenant_id: elsewhere }))[2]).toBe(2);
    expect((await itemsOf(api, elsewhere)).map(({ item }) => item)).toEqual(['Known by name', 'other']);
  });

  it('tells which line names several', async () => {
    const tenant = aTenant();
    for (const name of ['Twin', 'TWIN']) await aPayee(api, { tenant_id: tenant, name });
    const done = await send(table('a,1,EUR,Me,twin,2026-05-01', BREAD), { tenant_id: tenant });
    expect([counts(done), errors(done)]).toEqual([[201, 2, 1, 0, 1], ['2 /payee payee_ambiguous']]);
    const refused = await send(table('a,1,EUR,,x,2026-05-01'), { tenant_id: tenant, account: 'twin' });
    expect([...outcome(refused), mistakes(refused)]).toEqual([
      409,
      'payee_ambiguous',
      ['/account payee_ambiguous'],
    ]);
  });
});

const OFX = (transactions: string, curdef = 'EUR'): string => `OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>${curdef}
<BANKACCTFROM><BANKID>100<ACCTID>4711<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260501<DTEND>20260531
${transactions}
</BANKTRANLIST><LEDGERBAL><BALAMT>1.00<DTASOF>20260531</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`;

const trn = (fields: Readonly<Record<string, string>>): string => {
  const all = { TRNTYPE: 'DEBIT', DTPOSTED: '20260501120000[-5:EST]', TRNAMT: '-3.2', ...fields };
  return `<STMTTRN>\n${Object.entries(all)
    .map(([name, value]) => `<${name}>${value}`)
    .join('\n')}\n</STMTTRN>`;
};

describe('a statement in OFX', () => {
  const asked = (tenant: string) => ({ tenant_id: tenant, format: 'ofx' });

  it('of version 1 is read without end tags, in whatever encoding', async () => {
    const tenant = aTenant();
    const text = OFX(
      [
        trn({ FITID: '1', NAME: 'Bäcker & Söhne', MEMO: 'card 1' }),
        trn({ FITID: '2', NAME: 'Bäcker & Söhne', MEMO: 'card 1' }),
        trn({
          FITID: '3',
          TRNTYPE: 'CREDIT',
          TRNAMT: '+2000,00',
          DTPOSTED: '20260502',
          MEMO: 'Salary &amp; bonus',
        }),
        trn({
          FITID: '4',
          TRNTYPE: 'INT',
          TRNAMT: '100',
          DTPOSTED: '20260503',
          CURRENCY: '<CURRATE>1<CURSYM>JPY</CURRENCY>',
        }),
      ].join('\n'),
    );
    const done = await send(Buffer.from(text, 'latin1'), asked(tenant));
    expect([counts(done), errors(done)]).toEqual([[201, 4, 4, 0, 0], []]);
    expect(await paymentsOf(api, tenant)).toEqual([
      ['2026-05-01', '4711', 'Bäcker & Söhne', '3.20', 'Bäcker & Söhne'],
      ['2026-05-01', '4711', 'Bäcker & Söhne', '3.20', 'Bäcker & Söhne'],
      ['2026-05-02', 'Salary & bonus', '4711', '2000.00', 'Salary & bonus'],
      ['2026-05-03', 'INT', '4711', '100', 'INT'],
    ]);
    const [first] = await itemsOf(api, tenant);
    expect([first.status, first.notes]).toEqual(['cleared', 'card 1']);
    const overlapping = OFX(
      [trn({ FITID: '2', NAME: 'told otherwise' }), trn({ FITID: '5', NAME: 'New' })].join('\n'),
    );
    expect(counts(await send(overlapping, { ...asked(tenant), account: 'My bank' }))).toEqual([
      201, 2, 1, 1, 0,
    ]);
  });

  it('of version 2 is XML, which defines nothing of its own', async () => {
    const tenant = aTenant();
    const xml = (head: string): string => `<?xml version="1.0" encoding="UTF-8"?>${head}
      <?OFX OFXHEADER="200" VERSION="211"?><OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>USD</CURDEF>
      <CCACCTFROM><ACCTID>42</ACCTID></CCACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT</TRNTYPE>
      <DTPOSTED>20260501</DTPOSTED><TRNAMT>-12.34</TRNAMT><FITID>a</FITID><PAYEE><NAME>Café &#8364;</NAME></PAYEE>
      <CHECKNUM>7</CHECKNUM><MEMO><![CDATA[<x>]]></MEMO></STMTTRN></BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>`;
    expect(counts(await send(xml(''), asked(tenant)))).toEqual([201, 1, 1, 0, 0]);
    expect(await paymentsOf(api, tenant)).toEqual([['2026-05-01', '42', 'Café €', '12.34', 'Café €']]);
    expect((await itemsOf(api, tenant))[0].notes).toBe('<x>\nNo. 7');
    const bomb = xml('<!DOCTYPE lolz [<!ENTITY lol "lol">]>');
    expect(mistakes(await send(bomb, asked(tenant)))).toEqual([' malformed_ofx']);
    expect(mistakes(await send('item,amount', asked(tenant)))).toEqual([' malformed_ofx']);
    const both = OFX(trn({ FITID: '1' })).replace('</OFX>', '') + xml('');
    expect(mistakes(await send(both, asked(tenant)))).toEqual([' several_accounts']);
  });

  it('tells what is broken by the line where it begins', async () => {
    const tenant = aTenant();
    const text = OFX(
      [
        trn({ FITID: '1', DTPOSTED: '20260230' }),
        trn({ FITID: '2', TRNAMT: '1.2.3' }),
        trn({ FITID: '3', NAME: 'right' }),
        trn({ FITID: '4' }).replace('</STMTTRN>', ''),
        trn({ FITID: '5', TRNAMT: '0.005', NAME: 'x' }),
      ].join('\n'),
    );
    const done = await send(text, asked(tenant));
    expect([counts(done), errors(done)]).toEqual([
      [201, 5, 1, 0, 4],
      [
        '10 /transaction_date date',
        '16 /amount pattern',
        '29  malformed_ofx',
        '35 /amount too_many_decimals',
      ],
    ]);
    expect(await paymentsOf(api, tenant)).toEqual([['2026-05-01', '4711', 'right', '3.20', 'right']]);
  });
});

describe('a file in QIF', () => {
  const asked = (tenant: string, more = {}) => ({
    ...{ tenant_id: tenant, format: 'qif', account: 'Checking', currency: 'USD' },
    ...more,
  });

  it('is read, each part of a split payment an item', async () => {
    const tenant = aTenant();
    const food = await aCategory(api, { tenant_id: tenant, name: 'Food' });
    const home = await aCategory(api, { tenant_id: tenant, name: 'Home' });
    const text = [
      ...[
        '!Account',
        'NIgnored',
        'TBank',
        '^',
        '!Type:Bank',
        "D5/13'26",
        'T-1,234.50',
        'PMarket',
        'Mweekly',
        'C*',
      ],
      ...['SFood', '$-1,000.00', 'SHome/class', 'Elamp', '$-234.50', '^'],
      ...['D05/14/26', 'T100', 'N12', 'L[Savings]', 'CX', '^'],
      ...['D05/15/2026', 'T-1.00', 'PMarket', 'SFood', '$-0.50', '^', '!Type:Invst', 'D5/1/26', '^'],
    ].join('\r\n');
    const done = await send(text, asked(tenant));
    expect([counts(done), errors(done)]).toEqual([
      [201, 5, 3, 0, 2],
      ['23 /amount split_mismatch', '29  unknown_section'],
    ]);
    expect(await paymentsOf(api, tenant)).toEqual([
      ['2026-05-13', 'Checking', 'Market', '1000.00', 'Market'],
      ['2026-05-13', 'Checking', 'Market', '234.50', 'Market'],
      ['2026-05-14', 'Savings', 'Checking', '100.00', 'Savings'],
    ]);
    const items = await itemsOf(api, tenant);
    expect(new Set(items.map(({ category_id }) => category_id))).toEqual(new Set([food.id, home.id, null]));
    expect(items.map(({ status }) => status)).toEqual(['cleared', 'cleared', 'reconciled']);
    expect(counts(await send(text, asked(tenant)))).toEqual([200, 5, 0, 3, 2]);
    expect((await api.delete(`${IMPORTS}/${done.body.id}`)).status).toBe(204);
  });

  it('asks what the file does not tell', async () => {
    const tenant = aTenant();
    const text = '!Type:Cash\nD01/02/2026\nT-1\nPx\n^\n';
    const refused = await send(text, { tenant_id: tenant, format: 'qif', account: 'Checking' });
    expect(mistakes(refused)).toEqual(['/currency required', '/date_format ambiguous_date']);
    const nobody = await send(text, { ...asked(tenant, { date_format: 'DD/MM/YYYY' }), account: '' });
    expect(mistakes(nobody)).toEqual(['/account too_short']);
    const { account: _, ...rest } = asked(tenant, { date_format: 'DD/MM/YYYY' });
    expect(mistakes(await send(text, rest))).toEqual(['/account required']);
    await send(text, asked(tenant, { date_format: 'DD/MM/YYYY' }));
    expect((await itemsOf(api, tenant)).map((item) => item.transaction_date)).toEqual(['2026-02-01']);
  });
});

describe('a file', () => {
  it('is refused as a whole where it is none, or too large', async () => {
    const tenant_id = aTenant();
    expect(mistakes(await send('', { tenant_id }))).toEqual([' required']);
    expect(mistakes(await send('item,colour\n', { tenant_id }))).toEqual(['/1 unknown_property']);
    expect(mistakes(await send(Buffer.from([0x69, 0xff]), { tenant_id }))).toEqual([' invalid_utf8']);
    expect(mistakes(await send('x', { tenant_id, format: 'pdf' }))).toEqual(['/format choice']);
    for (const type of ['text/csv', 'application/octet-stream']) {
      const headers = { 'Content-Type': type };
      const large = await send(Buffer.alloc(5_242_881, 'x'), { tenant_id }, { headers });
      expect(outcome(large)).toEqual([413, 'body_too_large']);
      expect(counts(await send(table(BREAD), { tenant_id, dry_run: 'true' }, { headers }))[0]).toBe(200);
    }
    for (const type of ['application/json', 'application/yaml', 'application/x-ndjson'])
      expect((await send('{}', { tenant_id }, { headers: { 'Content-Type': type } })).status).toBe(415);
  });

  it('of a tenant is not sent, seen or undone by another one', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    const { body } = await send(table(BREAD), { tenant_id: tenant });
    const key = await api.key('editor', other);
    expect((await send(table(BREAD), { tenant_id: tenant }, { key })).status).toBe(403);
    expect((await api.get(`${IMPORTS}/${body.id}`, { key })).status).toBe(404);
    expect((await api.delete(`${IMPORTS}/${body.id}`, { key })).status).toBe(404);
    expect(counts(await send(table(BREAD), { tenant_id: other }, { key }))).toEqual([201, 1, 1, 0, 0]);
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const sent = [1, 2].map(() =>
      send(table('a,1,EUR,b,c,2026-05-01'), { tenant_id: other }, { key, headers }),
    );
    const [first] = await Promise.all(sent);
    const again = await send(table('a,1,EUR,b,c,2026-05-01'), { tenant_id: other }, { key, headers });
    expect([again.status, again.body]).toEqual([201, again.body]);
    expect([201, 409]).toContain(first?.status);
    expect((await itemsOf(api, other)).length).toBe(2);
  });
});
