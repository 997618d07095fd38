import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import { Health } from '#platform/observability';
import { eventually, TestApi } from '../api.js';
import { anEntry, aTenant, ENTRIES } from '../metadata/entries.js';

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

const newEntry = (tenant: string | null): object => anEntry({ tenant_id: tenant });

describe('a service that is well', () => {
  it('is live, ready, and says so of each of its parts', async () => {
    const [live, ready, health] = [
      await api.get('/health/live'),
      await api.get('/health/ready'),
      await api.get('/health'),
    ];
    expect([live.status, live.body]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, ready.body.status]).toEqual([200, 'ok']);
    expect(health.body).toMatchObject({
      status: 'ok',
      parts: { database: { status: 'ok' }, change_feed: { status: 'ok' } },
    });
  });

  it('counts each request by its route and not by its path', async () => {
    const { body } = await api.post(ENTRIES, newEntry(null));
    await api.get(`${ENTRIES}/${body.id}`);
    const { text, headers } = await api.get('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const seen =
      /^metastore_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/metadata\/:id",status="200"\} (\d+)$/m;
    const count = Number(seen.exec(text)?.[1]);
    expect(count).toBeGreaterThanOrEqual(1);
    await api.get(`${ENTRIES}/${body.id}`);
    expect(Number(seen.exec((await api.get('/metrics')).text)?.[1])).toBe(count + 1);
    expect(text).not.toContain(body.id);
  });

  it('tells cache, pool, feed and event loop to Prometheus', async () => {
    const { body } = await api.post(ENTRIES, newEntry(null));
    for (let read = 0; read < 2; read += 1) await api.get(`${ENTRIES}/key/${body.key}`);
    const { text } = await api.get('/metrics');
    expect(text).toMatch(/^metastore_cache_hits_total\{cache="metadata\.entry"\} [1-9]/m);
    expect(text).toMatch(/^metastore_cache_misses_total\{cache="metadata\.entry"\} [1-9]/m);
    expect(text).toMatch(/^metastore_database_connections [1-9]/m);
    expect(text).toMatch(/^metastore_change_feed_away 0$/m);
    expect(text).toMatch(/^metastore_event_loop_delay_p99_seconds \d/m);
  });
});

describe('a request', () => {
  it('keeps the id that it came with, in the answer, in a problem and in the log', async () => {
    const headers = { 'X-Request-Id': `r-${randomUUID()}` };
    const { body, headers: answer } = await api.get(`${ENTRIES}/${randomUUID()}`, { headers });
    expect([answer.get('x-request-id'), body.request_id]).toEqual(Array(2).fill(headers['X-Request-Id']));
  });

  it.each([
    ['none', undefined],
    ['one with a space', 'a b'],
    ['one that is too long', 'r'.repeat(129)],
  ])('gets an id when it brings %s', async (_, id) => {
    const { headers } = await api.get('/health/live', {
      headers: id === undefined ? {} : { 'X-Request-Id': id },
    });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  it('leaves its id and its trace in the change that it made', async () => {
    const trace = randomBytes(16).toString('hex');
    const headers = {
      'X-Request-Id': `r-${randomUUID()}`,
      traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01`,
    };
    const { body } = await api.post(ENTRIES, newEntry(null), { headers });
    const { rows } = await owner.query(
      'select request_id, trace_id from platform.change_log where aggregate_id = $1',
      [body.id],
    );
    expect(rows).toEqual([{ request_id: headers['X-Request-Id'], trace_id: trace }]);
  });

  it.each([
    'nonsense',
    `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
    `00-${'g'.repeat(32)}-${'1'.repeat(16)}-01`,
  ])('leaves no trace when it brings %j', async (traceparent) => {
    const { body } = await api.post(ENTRIES, newEntry(null), { headers: { traceparent } });
    const { rows } = await owner.query('select trace_id from platform.change_log where aggregate_id = $1', [
      body.id,
    ]);
    expect(rows).toEqual([{ trace_id: null }]);
  });

  it.each([
    ['/api/v1/metadata/%zz', 400, 'malformed_url'],
    [`/api/v1/metadata/key/${'a'.repeat(1_001)}`, 414, 'path_too_long'],
  ])('that no route can be found for is answered with a problem, too', async (path, status, code) => {
    const reply = await api.get(path);
    expect([reply.status, reply.body.code, reply.body.status]).toEqual([status, code, status]);
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(reply.headers.get('x-request-id')).toBe(reply.body.request_id);
  });

  it('leaves one line in the log: which route, how it ended, whose it was, how long it took', async () => {
    const tenant = aTenant();
    const key = await api.key('viewer', tenant);
    const id = randomUUID();
    const cases = [
      ['GET', `${ENTRIES}/${id}`, '/api/v1/metadata/:id', 404],
      ['GET', `${ENTRIES}/key/k-${id}?namespace=secret-plan`, '/api/v1/metadata/key/:key', 404],
      ['POST', ENTRIES, '/api/v1/metadata', 403],
      ['GET', `/nowhere/${id}`, 'unmatched', 404],
    ] as const;
    for (const [method, path, route, status] of cases) {
      const requestId = `r-${randomUUID()}`;
      await api.request(method, path, {
        key,
        headers: { 'X-Request-Id': requestId, traceparent: `00-${'a'.repeat(32)}-${'1'.repeat(16)}-01` },
      });
      const [line, ...more] = await eventually(
        async () => api.log.filter((each) => each.includes(requestId)),
        (lines) => lines.length > 0,
      );
      const { time, durationMs, ...facts } = JSON.parse(line ?? '{}');
      const known = route !== 'unmatched';
      const caller = {
        actor: known ? expect.stringMatching(/^key:[0-9A-Za-z]{12}$/) : null,
        tenant: known ? tenant : null,
      };
      expect([facts, more]).toEqual([
        {
          level: 'info',
          requestId,
          method,
          route,
          status,
          ...caller,
          ...(known && { traceId: 'a'.repeat(32) }),
        },
        [],
      ]);
      expect(Date.parse(time)).not.toBeNaN();
      expect(durationMs).toBeGreaterThan(0);
      expect(line).not.toContain('secret-plan');
      expect(line).not.toContain(id);
    }
  });
});

describe('the headers of an answer', () => {
  it.each(['/api/v1/metadata', '/api/v1/nothing', '/health/live'])(
    'forbid a browser to run, frame or guess at %s',
    async (path) => {
      const { headers } = await api.get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d+/);
    },
  );

  it('let the API reference run its own scripts and no others', async () => {
    const { status, headers } = await api.get('/docs');
    expect([status, headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringMatching(/^default-src 'self';(?!.*script-src)/),
    ]);
  });
});

describe('a service that is about to stop', () => {
  it('is live, is not ready, and still answers', async () => {
    const leaving = await TestApi.start({ beside: api });
    try {
      leaving.part(Health).drain();
      const ready = await leaving.get('/health/ready');
      expect([ready.status, ready.body.status, ready.headers.get('retry-after')]).toEqual([503, 'down', '1']);
      expect((await leaving.get('/health/live')).status).toBe(200);
      expect((await leaving.post(ENTRIES, newEntry(null))).status).toBe(201);
      expect((await api.get('/health/ready')).status).toBe(200);
    } finally {
      await leaving.stop();
    }
  });

  it('finishes what is under way, and takes nothing new', async () => {
    const tenant = aTenant();
    await api.post(ENTRIES, newEntry(tenant));
    const leaving = await TestApi.start({ beside: api });
    const holder = await owner.connect();
    await holder.query('begin');
    await holder.query('select 1 from platform.stream_head where tenant = $1 for update', [tenant]);
    const writing = leaving.post(ENTRIES, newEntry(tenant));
    await eventually(
      async () =>
        (
          await owner.query(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
        ).rowCount,
      (count) => count === 1,
    );
    const stopping = leaving.stop();
    const { hostname, port } = new URL(leaving.url);
    const knock = () =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname, () => resolve('open'));
        socket.on('error', () => resolve('refused')).on('connect', () => socket.destroy());
      });
    await eventually(knock, (outcome) => outcome === 'refused');
    await holder.query('rollback');
    holder.release();
    expect((await writing).status).toBe(201);
    await stopping;
  });

  it('does not wait for a connection that has not asked for anything', async () => {
    const leaving = await TestApi.start({ beside: api });
    const { hostname, port } = new URL(leaving.url);
    const silent = connect(Number(port), hostname);
    await once(silent, 'connect');
    await leaving.get('/health/live');
    const over = once(silent, 'close');
    await leaving.stop();
    await over;
  });
});
