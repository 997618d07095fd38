import { TestApi } from '../api.js';
import { aConfiguration, aService, aTenant, CONFIGURATIONS, inHours, mistakes, outcome } from './made.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

describe('the filters', () => {
  const tenant_id = aTenant();
  const [orders, billing] = [aService(), aService()];
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    const make = async (what: string, body: object = {}): Promise<void> => {
      const { id } = await aConfiguration(api, { tenant_id, service_id: orders, ...body });
      ids[what] = id;
    };
    await make('plain');
    await make('base', { environment: 'base', description: 'Needle in a HAYSTACK ß%_ ΟΔΟΣ' });
    await make('staging', { environment: 'staging', name: 'cache-settings' });
    await make('inactive', { is_active: false });
    await make('past', { effective_until: inHours(-1) });
    await make('future', { effective_from: inHours(1) });
    await make('billing', { service_id: billing });
  });

  const shown = async (query: string, path = CONFIGURATIONS): Promise<string[]> => {
    const { status, body } = await api.get(`${path}?tenant_id=${tenant_id}&${query}`);
    expect([query, status]).toEqual([query, 200]);
    const found = new Set(body.items.map(({ id }: any) => id));
    return Object.keys(ids).filter((what) => found.has(ids[what]));
  };
  const all = ['plain', 'base', 'staging', 'inactive', 'past', 'future', 'billing'];
  const ofOrders = all.slice(0, -1);

  it.each([
    ['', all],
    [`service_id=${orders}`, ofOrders],
    [`service_id=${orders},${billing}`, all],
    [`service_id=${orders}&service_id=${billing}`, all],
    ['service_id=nothing-like-it', []],
    ['environment=base', ['base']],
    ['environment=base,staging', ['base', 'staging']],
    ['active=false', ['inactive']],
    [`active=true&service_id=${orders}`, ['plain', 'base', 'staging', 'past', 'future']],
    [`effective_at=${inHours(0)}`, ['plain', 'base', 'staging', 'billing']],
    [`effective_at=${inHours(-2)}&environment=production`, ['plain', 'past', 'billing']],
    [`effective_at=${inHours(2)}&environment=production`, ['plain', 'future', 'billing']],
    [`effective_at=${inHours(2)}&active=false`, []],
    ['q=hayst', ['base']],
    ['q=NEEDLE', ['base']],
    ['q=%25_', ['base']],
    [`q=${encodeURIComponent('οδος')}`, ['base']],
    ['q=cache-set', ['staging']],
    [`q=${billing}`, ['billing']],
    ['q=nothing-like-it', []],
  ])('%s shows %j', async (query, expected) => {
    expect(await shown(query)).toEqual(expected);
  });

  it('hold for the list of a service as well', async () => {
    const path = `${CONFIGURATIONS}/service/${orders}`;
    expect(await shown('', path)).toEqual(ofOrders);
    expect(await shown('environment=staging', path)).toEqual(['staging']);
    expect(await shown('active=false', path)).toEqual(['inactive']);
  });

  it.each([
    ['active=x', '/active type'],
    ['effective_at=x', '/effective_at pattern'],
    ['effective_at=2026-02-30T00:00:00Z', '/effective_at pattern'],
    ['q=', '/q too_short'],
    ['sort=other', '/sort choice'],
    ['limit=0', '/limit too_small'],
    ['limit=1001', '/limit too_large'],
    ['other=1', '/other unknown_property'],
  ])('%s is refused', async (query, mistake) => {
    const reply = await api.get(`${CONFIGURATIONS}?${query}`);
    expect([reply.status, mistakes(reply)]).toEqual([400, [mistake]]);
  });

  it('a service that is no name is refused, one that nobody knows has none', async () => {
    expect(mistakes(await api.get(`${CONFIGURATIONS}/service/No`))).toEqual(['/service_id pattern']);
    expect((await api.get(`${CONFIGURATIONS}/service/${aService()}`)).body.items).toEqual([]);
  });
});

describe('the pages', () => {
  const tenant_id = aTenant();
  const count = 9;

  beforeAll(async () => {
    for (let n = 0; n < count; n += 1) {
      await aConfiguration(api, {
        name: `n${n % 3}`,
        service_id: `${aService()}`,
        ...(n % 2 === 0 && { tenant_id }),
      });
    }
  });

  const walk = async (sort: string, limit: number): Promise<any[]> => {
    const items: any[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await api.get(
        `${CONFIGURATIONS}?tenant_id=${tenant_id}&sort=${sort}&limit=${limit}${cursor}`,
      );
      items.push(...body.items);
      expect(body.items.length).toBeLessThanOrEqual(limit);
      expect(body.has_more).toBe(body.next_cursor !== null);
      if (!body.has_more) return items;
      cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
    }
  };

  it.each(['name', '-name', 'service_id', '-service_id', 'created_at', '-updated_at', 'name,-created_at'])(
    'by %s show everything once and in order, whatever their size',
    async (sort) => {
      const whole = await walk(sort, 1_000);
      expect(whole.length).toBeGreaterThanOrEqual(count);
      expect(await walk(sort, 2)).toEqual(whole);
      const [term = ''] = sort.split(',');
      const key = term.replace('-', '');
      const keys: string[] = whole.map((item) => item[key]);
      const sorted = [...keys].sort();
      expect(keys).toEqual(term.startsWith('-') ? sorted.reverse() : sorted);
    },
  );

  it('are by name where nobody says otherwise', async () => {
    const { body } = await api.get(`${CONFIGURATIONS}?tenant_id=${tenant_id}&limit=1000`);
    expect(body.items).toEqual(await walk('name', 1_000));
  });

  it('go on only where they began', async () => {
    const { body } = await api.get(`${CONFIGURATIONS}?tenant_id=${tenant_id}&limit=2`);
    const cursor = encodeURIComponent(body.next_cursor);
    for (const query of [
      `tenant_id=${tenant_id}&active=true&cursor=${cursor}`,
      `tenant_id=${tenant_id}&sort=-name&cursor=${cursor}`,
      `cursor=${cursor}`,
      `tenant_id=${tenant_id}&cursor=x${cursor}`,
    ])
      expect(outcome(await api.get(`${CONFIGURATIONS}?${query}`))).toEqual([400, 'invalid_cursor']);
  });

  it('show the shared ones alone where no tenant is named', async () => {
    const { body } = await api.get(`${CONFIGURATIONS}?limit=1000&include_total=true`);
    expect(new Set(body.items.map((item: any) => item.tenant_id))).toEqual(new Set([null]));
    expect(body.total).toBe(body.items.length);
  });
});
