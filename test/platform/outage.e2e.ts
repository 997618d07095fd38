import { ApiKeys } from '#platform/auth';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import { aTenant, ENTRIES } from '../metadata/entries.js';
import type { Line } from './line.js';
import { ServiceOnALine } from './service-on-a-line.js';
import type { Answer } from './service-on-a-line.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(async () => {
  await api.stop();
});

describe('a service whose database goes away', () => {
  let line: Line;
  let far: ServiceOnALine;
  let key: string;
  /** What it logged while the line was cut for the first time. */
  let saidMeanwhile: readonly string[];
  const tenant = aTenant();

  beforeAll(async () => {
    far = await ServiceOnALine.start(api);
    ({ line } = far);
    const { app } = far.service;
    const create = () => app.get(ApiKeys).create({ name: 'test', role: 'editor', tenant, expiresAt: null });
    key = (await app.get(CallContext).runAsSystem('test', create)).token;
  });

  afterAll(() => far.stop());

  const ask = (method: string, path: string, body?: object): Promise<Answer> =>
    far.ask(method, path, { body, headers: { Authorization: `Bearer ${key}` } });
  const byKey = `${ENTRIES}/key/known`;

  it('answers from memory, refuses what it cannot do, and comes back by itself', async () => {
    const { body: entry } = await ask('PUT', byKey, { value: 'before' });
    expect((await ask('GET', byKey)).body.value).toBe('before');
    await eventually(
      () => ask('GET', '/health'),
      ({ body }) => body.status === 'ok',
    );

    const saidBefore = far.log.length;
    line.cut();
    const stale = await eventually(
      () => ask('GET', byKey),
      ({ headers }) => headers.has('x-metastore-stale'),
    );
    expect([stale.status, stale.body.value, stale.headers.get('x-metastore-stale')]).toEqual([
      200,
      'before',
      'true',
    ]);
    for (const [method, path, body] of [
      ['PUT', byKey, { value: 'during' }],
      ['POST', ENTRIES, { key: 'new', value: 1 }],
      ['GET', `${ENTRIES}/${entry.id}`, undefined],
      ['GET', `${ENTRIES}/key/never-read`, undefined],
    ] as const) {
      const refused = await ask(method, path, body);
      expect([path, refused.status, refused.body.code]).toEqual([path, 503, 'database_unavailable']);
      expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
    const [live, ready, health] = [
      await ask('GET', '/health/live'),
      await ask('GET', '/health/ready'),
      await ask('GET', '/health'),
    ];
    expect([live.status, ready.status, ready.body.status]).toEqual([200, 503, 'down']);
    expect(health.body.parts).toMatchObject({
      database: { status: 'down' },
      change_feed: { status: 'degraded' },
    });

    // Meanwhile another replica, which reaches the database, goes on.
    await api.put(byKey, { value: 'meanwhile' }, { key });

    saidMeanwhile = far.log.slice(saidBefore);
    line.mend();
    await eventually(
      () => ask('GET', byKey),
      ({ body, headers }) => body.value === 'meanwhile' && !headers.has('x-metastore-stale'),
    );
    const written = await eventually(
      () => ask('PUT', byKey, { value: 'after' }),
      ({ status }) => status === 200,
    );
    expect([written.body.version, (await ask('GET', byKey)).body.value]).toEqual([3, 'after']);
    await eventually(
      () => ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
  });

  it('says so once in the log and not each time that it tries', () => {
    const said = saidMeanwhile.filter((each) => each.includes('cannot be read now'));
    expect(said).toEqual([expect.stringContaining('The change log cannot be read now')]);
    expect(far.log.filter((each) => each.includes('"level":"error"'))).toEqual([]);
  });

  it('survives that again and again', async () => {
    for (let time = 0; time < 3; time += 1) {
      line.cut();
      await eventually(
        () => ask('PUT', byKey, { value: time }),
        ({ status }) => status === 503,
      );
      line.mend();
      await eventually(
        () => ask('PUT', byKey, { value: time }),
        ({ status }) => status === 200,
      );
    }
    await eventually(
      () => ask('GET', '/health'),
      ({ body }) => body.status === 'ok',
    );
  });
});
