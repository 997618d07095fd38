import { TestApi } from '../api.js';
import { aDevice, aMac, at, aTenant, DEVICES, mistakes } from './made.js';

let api: TestApi;
let tenant: string;

const KITCHEN = aMac();
const MADE = [
  {
    name: 'kitchen',
    device_type: 'smart_light',
    mac_address: KITCHEN,
    ip_address: '10.0.0.9',
    registration_date: '2026-01-01T00:00:00Z',
    environment: 'production',
    store_id: 's1',
    labels: { tier: 'edge' },
  },
  {
    name: 'cellar',
    device_type: 'thermostat',
    ip_address: '10.0.0.10',
    registration_date: '2026-01-02T00:00:00Z',
    environment: 'testing',
    store_id: 's2',
    labels: { tier: 'core', old: '' },
  },
  {
    name: 'attic',
    device_type: 'generic',
    ip_address: '10.1.0.1',
    registration_date: '2026-01-03T00:00:00Z',
    environment: 'production',
  },
  {
    name: 'garden',
    device_type: 'generic',
    ip_address: '2001:db8::1',
    registration_date: '2026-01-04T00:00:00Z',
    store_id: 's1',
  },
  { name: null, device_type: 'generic', ip_address: null, registration_date: '2026-01-05T00:00:00Z' },
];

beforeAll(async () => {
  api = await TestApi.start();
  tenant = aTenant();
  const made = [];
  for (const body of MADE) made.push(await aDevice(api, { ...body, tenant_id: tenant }));
  const [kitchen, cellar, attic] = made;
  await api.post(at(kitchen, '/status'), { value: 'on' });
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  await api.post(at(cellar, '/status'), { value: 'off', observed_at: hourAgo });
  await api.post(at(attic, '/heartbeat'));
  await api.put(at(attic, '/desired'), { document: { on: true } });
});

afterAll(() => api.stop());

const names = async (query: string): Promise<unknown> => {
  const { status, body } = await api.get(`${DEVICES}?tenant_id=${tenant}&${query}`);
  return status === 200 ? body.items.map(({ name }: any) => name) : body;
};

it.each([
  ['', [null, 'garden', 'attic', 'cellar', 'kitchen']],
  ['device_type=thermostat,smart_light', ['cellar', 'kitchen']],
  ['environment=production', ['attic', 'kitchen']],
  ['environment=production&device_type=generic', ['attic']],
  ['store_id=s1&store_id=s2', ['garden', 'cellar', 'kitchen']],
  [`mac_address=${KITCHEN.replaceAll(':', '').toUpperCase()}`, ['kitchen']],
  ['ip_address=2001:DB8:0::1', ['garden']],
  ['ip_address=::ffff:10.0.0.9', ['kitchen']],
  ['ip_address=0.0.0.0', []],
  ['cidr=10.0.0.0/24', ['cellar', 'kitchen']],
  ['cidr=10.0.0.0/8', ['attic', 'cellar', 'kitchen']],
  ['cidr=0.0.0.0/0', ['attic', 'cellar', 'kitchen']],
  ['cidr=2001:db8::/32', ['garden']],
  ['cidr=2001:db8::/32,10.1.0.0/16', ['garden', 'attic']],
  ['status=on', ['kitchen']],
  ['status=on,off', ['cellar', 'kitchen']],
  ['connectivity=never', [null, 'garden']],
  ['connectivity=online', expect.arrayContaining(['attic', 'kitchen'])],
  ['has_delta=true', ['attic']],
  ['has_delta=false', [null, 'garden', 'cellar', 'kitchen']],
  ['selector=tier', ['cellar', 'kitchen']],
  ['selector=tier in (edge,core),!old', ['kitchen']],
  ['selector=tier notin (edge)', [null, 'garden', 'attic', 'cellar']],
  ['registered_from=2026-01-02T00:00:00Z&registered_until=2026-01-04T00:00:00Z', ['attic', 'cellar']],
  ['last_seen_before=2020-01-01T00:00:00Z', []],
  ['q=ITCH', ['kitchen']],
  ['q=10.0.0', ['cellar', 'kitchen']],
  [`q=${KITCHEN.slice(3)}`, ['kitchen']],
  ['sort=name', [null, 'attic', 'cellar', 'garden', 'kitchen']],
  ['sort=-name', ['kitchen', 'garden', 'cellar', 'attic', null]],
  ['sort=ip_address', [null, 'kitchen', 'cellar', 'attic', 'garden']],
  ['sort=device_type,-name', ['garden', 'attic', null, 'kitchen', 'cellar']],
])('%s', async (query, wanted) => {
  expect(await names(query)).toEqual(wanted);
});

it('is sorted by when they were last seen, those never seen first', async () => {
  const order = (await names('sort=last_seen_at')) as unknown[];
  expect([new Set(order.slice(0, 2)), new Set(order.slice(3))]).toEqual([
    new Set(['garden', null]),
    new Set(['attic', 'kitchen']),
  ]);
  expect(order[2]).toBe('cellar');
});

it('tells how each is heard of', async () => {
  const { items } = (await api.get(`${DEVICES}?tenant_id=${tenant}&sort=name`)).body;
  expect(items.map(({ connectivity }: any) => connectivity)).toEqual([
    'never',
    'online',
    expect.stringMatching(/^(offline|online)$/),
    'never',
    'online',
  ]);
  const [, attic] = items;
  expect((await api.get(at(attic))).body).toEqual(attic);
});

it.each(['registration_date', '-name', 'ip_address', '-last_seen_at', 'device_type'])(
  'is paged by %s as it is whole',
  async (sort) => {
    const whole = await names(`sort=${sort}`);
    const paged: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await api.get(
        `${DEVICES}?tenant_id=${tenant}&sort=${sort}&limit=2&include_total=true${cursor}`,
      );
      expect(body.total).toBe(5);
      paged.push(...body.items.map(({ name }: any) => name));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');
    expect(paged).toEqual(whole);
  },
);

it('says everything that is wrong with a question', async () => {
  const query =
    'mac_address=x&ip_address=1.2.3&cidr=10.0.0.0&owner_team_id=y&selector=a b&registered_from=2026-13-01&has_delta=perhaps';
  const reply = await api.get(`${DEVICES}?${query}`);
  expect([reply.status, mistakes(reply)]).toEqual([400, ['/has_delta type', '/registered_from pattern']]);
  const rest = await api.get(
    `${DEVICES}?mac_address=x&ip_address=1.2.3&cidr=10.0.0.0&owner_team_id=y&selector=a b`,
  );
  expect([rest.status, mistakes(rest)]).toEqual([
    400,
    [
      '/cidr pattern',
      '/ip_address pattern',
      '/mac_address pattern',
      '/owner_team_id pattern',
      '/selector selector',
    ],
  ]);
  expect(mistakes(await api.get(`${DEVICES}?sort=status`))).toEqual(['/sort choice']);
  expect((await api.get(`${DEVICES}?connectivity=gone`)).status).toBe(400);
  const many = Array.from({ length: 101 }, (_, index) => `k${index}`).join(',');
  expect(mistakes(await api.get(`${DEVICES}?device_type=${many}`))).toEqual(['/device_type too_many']);
});
