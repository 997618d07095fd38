import pg from 'pg';
import { TestApi } from '../api.js';
import { aFlag, aName, aTenant, FLAGS, SEGMENTS } from './made.js';

let api: TestApi;
let owner: pg.Pool;

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

const namesOf = async (query: string, path = FLAGS): Promise<string[]> => {
  const { status, body } = await api.get(`${path}?${query}`);
  expect([query, status]).toEqual([query, 200]);
  return body.items.map(({ name }: any) => name);
};

describe('the filters', () => {
  const tenant = aTenant();
  const names: Record<string, string> = {};

  beforeAll(async () => {
    const make = async (what: string, body: object = {}): Promise<any> => {
      names[what] = aName();
      return aFlag(api, { tenant_id: tenant, name: names[what], ...body });
    };
    await make('plain');
    await make('disabled', { enabled: false, tags: ['x', 'y'], description: 'Needle in a HAYSTACK ß%_' });
    await make('ops', { kind: 'ops', tags: ['y'] });
    await make('permission', { kind: 'permission' });
    const { id } = await make('archived', { tags: ['x'] });
    await api.post(`${FLAGS}/${id}/archive`);
  });

  const shown = async (query: string): Promise<string[]> => {
    const found = await namesOf(`tenant_id=${tenant}&${query}`);
    return Object.entries(names)
      .filter(([, name]) => found.includes(name))
      .map(([what]) => what);
  };

  it.each([
    ['', ['plain', 'disabled', 'ops', 'permission']],
    ['archived=true', ['archived']],
    ['archived=false&enabled=false', ['disabled']],
    ['enabled=true', ['plain', 'ops', 'permission']],
    ['tags=x', ['disabled']],
    ['tags=x,Y', ['disabled', 'ops']],
    ['tags=x&tags=y', ['disabled', 'ops']],
    ['kind=ops,permission', ['ops', 'permission']],
    ['kind=ops&enabled=false', []],
    ['q=hayst', ['disabled']],
    ['q=NEEDLE', ['disabled']],
    ['q=%25_', ['disabled']],
    ['q=nothing-like-it', []],
  ])('%s shows %j', async (query, expected) => {
    expect(await shown(query)).toEqual(expected);
  });

  it.each([
    'enabled=x',
    'kind=other',
    'archived=2',
    'stale=x',
    'q=',
    'sort=kind',
    'limit=0',
    'other=1',
    'cursor=x',
  ])('%s is refused', async (query) => {
    expect((await api.get(`${FLAGS}?${query}`)).status).toBe(400);
  });
});

describe('stale', () => {
  it('is what has expired, or was left alone for longer than its kind is to live', async () => {
    const tenant = aTenant();
    const make = async (body: object, days: number): Promise<string> => {
      const { id, name } = await aFlag(api, { tenant_id: tenant, ...body });
      await owner.query(
        `update feature_flags.flag set updated_at = statement_timestamp() - $2 * interval '1 day' where id = $1`,
        [id, days],
      );
      return name;
    };
    const fresh = [
      await make({}, 39),
      await make({ kind: 'experiment' }, 39),
      await make({ kind: 'ops' }, 6),
      await make({ kind: 'permission' }, 4_000),
      await make({ expires_at: '2099-01-01T00:00:00Z' }, 0),
    ];
    const stale = [
      await make({}, 41),
      await make({ kind: 'experiment' }, 41),
      await make({ kind: 'ops' }, 8),
      await make({ kind: 'permission', expires_at: '2020-01-01T00:00:00Z' }, 0),
    ];
    const own = async (query: string): Promise<string[]> =>
      (await namesOf(`tenant_id=${tenant}&${query}`))
        .filter((name) => [...fresh, ...stale].includes(name))
        .sort();
    expect(await own('stale=true')).toEqual([...stale].sort());
    expect(await own('stale=false')).toEqual([...fresh].sort());
    expect(await own('stale=true&kind=ops')).toEqual([stale[2]]);
    const [first = ''] = stale;
    const { body } = await api.get(`${FLAGS}/name/${first}?tenant_id=${tenant}`);
    await api.post(`${FLAGS}/${body.id}/archive`);
    expect(await own('stale=true')).not.toContain(first);
  });
});

describe('the pages', () => {
  it.each(['name', '-name', 'created_at', '-updated_at,name'])('by %s hold each once', async (sort) => {
    const tenant = aTenant();
    const made: string[] = [];
    for (let count = 0; count < 7; count += 1) made.push((await aFlag(api, { tenant_id: tenant })).name);
    for (const path of [FLAGS, SEGMENTS]) {
      if (path === SEGMENTS) for (const name of made) await api.post(SEGMENTS, { name, tenant_id: tenant });
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const query: string = `tenant_id=${tenant}&sort=${sort}&limit=3${cursor && `&cursor=${cursor}`}`;
        const { body }: any = await api.get(`${path}?${query}`);
        seen.push(
          ...body.items.filter((item: any) => item.tenant_id === tenant).map(({ name }: any) => name),
        );
        cursor = body.next_cursor;
      }
      expect([...seen].sort()).toEqual([...made].sort());
      if (sort === 'name') expect(seen).toEqual([...made].sort());
      if (sort === '-name') expect(seen).toEqual([...made].sort().reverse());
      if (sort === 'created_at') expect(seen).toEqual(made);
    }
  });

  it('count what matches when asked', async () => {
    const tenant = aTenant();
    const tag = aName();
    for (let count = 0; count < 3; count += 1) await aFlag(api, { tenant_id: tenant, tags: [tag] });
    const { body } = await api.get(`${FLAGS}?tenant_id=${tenant}&tags=${tag}&limit=2&include_total=true`);
    expect([body.items.length, body.has_more, body.total]).toEqual([2, true, 3]);
    const wrong = await api.get(`${FLAGS}?tenant_id=${tenant}&limit=2&cursor=${body.next_cursor}`);
    expect([wrong.status, wrong.body.code]).toEqual([400, 'invalid_cursor']);
  });

  it('show a tenant its own flags and the shared ones, and nobody else’s', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const key = await api.key('viewer', acme);
    const shared = await aFlag(api);
    const own = await aFlag(api, { tenant_id: acme });
    const foreign = await aFlag(api, { tenant_id: globex });
    const { body } = await api.get(`${FLAGS}?limit=1000`, { key });
    const names = body.items.map(({ name }: any) => name);
    expect([shared, own, foreign].map(({ name }) => names.includes(name))).toEqual([true, true, false]);
    const all = await namesOf('limit=1000');
    expect([shared, own, foreign].map(({ name }) => all.includes(name))).toEqual([true, false, false]);
  });
});
