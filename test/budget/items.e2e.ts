import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import { aCategory, aName, aPayee, aTenant, ITEMS, made, mistakes, outcome, PAYEES } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const at = ({ id }: { id: string }, rest = ''): string => `${ITEMS}/${id}${rest}`;
const coffee = (body: object = {}): any => ({
  ...{ item: 'Coffee', amount: '12.34', currency: 'USD', flow: 'outflow', payor: aName(), payee: aName() },
  ...body,
});
const statuses = (replies: readonly { status: number }[]): number[] =>
  replies.map(({ status }) => status).sort((a, b) => a - b);

describe('an item', () => {
  it('is entered with everything that there is to say', async () => {
    const [payor, payee, category] = [await aPayee(api), await aPayee(api), await aCategory(api)];
    const body = {
      ...{ item: 'Coffee ☕', amount: '1234.50', currency: 'KWD', flow: '+', status: 'planned' },
      ...{ payor_id: payor.id.toUpperCase(), payee_id: payee.id, category_id: category.id },
      ...{ transaction_date: '2024-02-29', environment: 'production', notes: 'Two bags.' },
      labels: { trip: 'paris' },
    };
    const refused = await api.post(ITEMS, body);
    expect([...outcome(refused), mistakes(refused)]).toEqual([
      400,
      'invalid_input',
      ['/amount too_few_decimals'],
    ]);
    const reply = await api.post(ITEMS, { ...body, amount: '1234.500' });
    expect([reply.status, reply.headers.get('etag'), reply.headers.get('location')]).toEqual([
      201,
      '"1"',
      at(reply.body),
    ]);
    expect(reply.body).toEqual({
      ...body,
      ...{ id: expect.any(String), tenant_id: null, version: 1, amount: '1234.500', flow: 'inflow' },
      ...{ payor_id: payor.id, team_id: null, import_id: null },
      ...{ created_at: expect.any(String), updated_at: reply.body.created_at },
      ...{ created_by: 'anonymous', updated_by: 'anonymous' },
    });
    expect((await api.get(at(reply.body))).body).toEqual(reply.body);
  });

  it('is of today, pending and without the rest when nothing more is said', async () => {
    const item = made(await api.post(ITEMS, coffee()));
    expect(item).toMatchObject({
      ...{ status: 'pending', category_id: null, team_id: null, environment: null, notes: null },
      ...{ transaction_date: item.created_at.slice(0, 10), labels: {} },
    });
  });

  it.each([
    [{ dollars: 12, cents: 5 }, 'EUR', '12.05'],
    [{ dollars: 7 }, 'USD', '7.00'],
    [{ cents: 99 }, 'USD', '0.99'],
    [{ amount: '500' }, 'JPY', '500'],
    [{ amount: '92233720368547758.07' }, 'USD', '92233720368547758.07'],
    [{ amount: '0.0001' }, 'CLF', '0.0001'],
  ])('keeps %j of %s to the last unit', async (said, currency, amount) => {
    const { amount: _, ...rest } = coffee();
    const item = made(await api.post(ITEMS, { ...rest, currency, ...said }));
    expect([item.amount, (await api.get(at(item))).body.amount]).toEqual([amount, amount]);
  });

  it('tells everything that is wrong with it at once', async () => {
    const wrong = {
      ...{ item: '', amount: '12.345', flow: 'out', payor: 'Ada', payor_id: randomUUID(), currency: 'USD' },
      ...{ transaction_date: '2026-02-30', status: 'paid', labels: { '-': 'x' }, notes: 7, import_id: 'x' },
    };
    expect(mistakes(await api.post(ITEMS, wrong))).toEqual([
      '/amount too_many_decimals',
      '/flow choice',
      '/import_id unknown_property',
      '/item too_short',
      '/labels/- label_key',
      '/notes type',
      '/payee_id required',
      '/payor conflict',
      '/status choice',
      '/transaction_date date',
    ]);
    expect(mistakes(await api.post(ITEMS, {}))).toEqual([
      '/amount required',
      '/currency required',
      '/flow required',
      '/item required',
      '/payee_id required',
      '/payor_id required',
    ]);
  });

  it.each([
    [{ amount: '0.00' }, ['/amount not_positive']],
    [{ amount: '-1.00' }, ['/amount negative_amount']],
    [{ amount: 12.34 }, ['/amount type']],
    [{ amount: '1e3' }, ['/amount pattern']],
    [{ amount: '92233720368547758.08' }, ['/amount too_large']],
    [{ amount: undefined, dollars: 0, cents: 0 }, ['/dollars not_positive']],
    [{ dollars: 12 }, ['/amount conflict']],
    [{ currency: 'usd' }, ['/currency unknown_currency']],
    [{ currency: 'XXX' }, ['/currency unknown_currency']],
    [{ transaction_date: '0000-12-31' }, ['/transaction_date date']],
    [{ transaction_date: '2026-05-01T00:00:00Z' }, ['/transaction_date date']],
    [{ transaction_date: null }, ['/transaction_date type']],
    [{ payor: 'Ada', payee: ' ADA ' }, ['/payee same_party']],
    [{ payee: ' ' }, ['/payee length']],
    [{ payor: 'x'.repeat(201), payee: '' }, ['/payee too_short', '/payor too_long']],
    [{ item: ' ' }, ['/item too_short']],
  ])('is refused with %j at %j', async (part, places) => {
    const reply = await api.post(ITEMS, coffee(part));
    expect([reply.status, mistakes(reply)]).toEqual([400, places]);
  });

  it('needs two parties, a category, a team and an environment that are there, and tells which are not', async () => {
    const { payor: _, payee: __, ...rest } = coffee();
    const gone = {
      payor_id: randomUUID(),
      payee_id: randomUUID(),
      category_id: randomUUID(),
      team_id: randomUUID(),
    };
    const reply = await api.post(ITEMS, { ...rest, ...gone });
    expect([...outcome(reply), mistakes(reply)]).toEqual([
      422,
      'payee_unknown',
      [
        '/category_id category_unknown',
        '/payee_id payee_unknown',
        '/payor_id payee_unknown',
        '/team_id catalog_reference_unknown',
      ],
    ]);
    const category = await api.post(ITEMS, coffee({ category_id: gone.category_id }));
    expect([...outcome(category), mistakes(category)]).toEqual([
      422,
      'category_unknown',
      ['/category_id category_unknown'],
    ]);
    const { id } = await aPayee(api);
    const same = await api.post(ITEMS, { ...rest, payor_id: id, payee_id: id });
    expect([same.status, mistakes(same)]).toEqual([400, ['/payee_id same_party']]);
  });

  it('is between payees of its tenant or shared ones, and never another tenant’s', async () => {
    const [mine, other] = [aTenant(), aTenant()];
    const [own, foreign, shared] = [
      await aPayee(api, { tenant_id: mine }),
      await aPayee(api, { tenant_id: other }),
      await aPayee(api),
    ];
    const { payor: _, payee: __, ...rest } = coffee({ tenant_id: mine });
    made(await api.post(ITEMS, { ...rest, payor_id: own.id, payee_id: shared.id }));
    const reply = await api.post(ITEMS, { ...rest, payor_id: own.id, payee_id: foreign.id });
    expect([...outcome(reply), mistakes(reply)]).toEqual([422, 'payee_unknown', ['/payee_id payee_unknown']]);
    const sharedItem = await api.post(ITEMS, {
      ...rest,
      tenant_id: null,
      payor_id: own.id,
      payee_id: shared.id,
    });
    expect(mistakes(sharedItem)).toEqual(['/payor_id payee_unknown']);
  });

  it('makes the payees that it names once, and leaves none behind where it is refused', async () => {
    const [payor, payee] = [aName(), aName()];
    const first = made(await api.post(ITEMS, coffee({ payor, payee })));
    const second = made(await api.post(ITEMS, coffee({ payor: payee.toUpperCase(), payee: ` ${payor} ` })));
    expect([second.payor_id, second.payee_id]).toEqual([first.payee_id, first.payor_id]);
    const unseen = aName();
    await api.post(ITEMS, coffee({ payor: unseen, category_id: randomUUID() }));
    expect((await api.get(`${PAYEES}?q=${unseen}`)).body.items).toEqual([]);
  });

  it('may be sent again with its id, and not with other content', async () => {
    const body = coffee({ id: randomUUID() });
    const first = await api.post(ITEMS, body);
    const again = await api.post(ITEMS, body);
    expect([first.status, again.status, again.body]).toEqual([201, 200, first.body]);
    expect(outcome(await api.post(ITEMS, { ...body, amount: '12.35' }))).toEqual([409, 'id_conflict']);
    const racers = Array.from({ length: 6 }, () => ({ ...body, id: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e77' }));
    const racing = await Promise.all(racers.map((racer) => api.post(ITEMS, racer)));
    expect(statuses(racing)).toEqual([200, 200, 200, 200, 200, 201]);
  });
});
