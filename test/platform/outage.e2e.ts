import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import pg from 'pg';
import { ApiKeys } from '#platform/auth';
import { readSettings } from '#platform/config';
import { CallContext } from '#platform/context';
import { createLogger } from '#platform/observability';
import { startService } from '../../apps/api/start.js';
import type { Service } from '../../apps/api/start.js';
import { eventually, TestApi } from '../api.js';
import { aTenant, ENTRIES } from '../metadata/entries.js';
import { Line } from './line.js';

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

describe('a service whose database goes away', () => {
  let line: Line;
  let service: Service;
  let key: string;
  const lines: string[] = [];
  const tenant = aTenant();

  beforeAll(async () => {
    const real = new URL(api.database.url);
    line = new Line(real);
    const url = new URL(real);
    url.host = `127.0.0.1:${await line.start()}`;
    const settings = readSettings({
      APP_PORT: '0',
      DATABASE_URL: url.href,
      DATABASE_POOL_SIZE: '4',
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      LOG_LEVEL: 'info',
    });
    const destination = new Writable({
      write(chunk: Buffer, _, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    service = await startService(
      settings,
      createLogger({ level: 'info', pretty: false, destination }),
      () => undefined,
    );
    const create = () =>
      service.app.get(ApiKeys).create({ name: 'test', role: 'editor', tenant, expiresAt: null });
    key = (await service.app.get(CallContext).runAsSystem('test', create)).token;
  });

  afterAll(async () => {
    await service.stop();
    await line.stop();
  });

  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  };
  const byKey = `${ENTRIES}/key/known`;

  it('answers from memory, refuses what it cannot do, and comes back by itself', async () => {
    const { body: entry } = await ask('PUT', byKey, { value: 'before' });
    expect((await ask('GET', byKey)).body.value).toBe('before');

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
    const said = lines.filter((each) => each.includes('cannot be read now'));
    expect(said).toHaveLength(1);
    expect(lines.filter((each) => each.includes('"level":"error"'))).toEqual([]);
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
