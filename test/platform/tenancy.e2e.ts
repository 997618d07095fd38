import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { ENTRIES } from '../metadata/entries.js';
import { call, isQuestion, operationsOf } from './openapi-walk.js';
import type { Facts, Operation } from './openapi-walk.js';
import { Planted } from './planted.js';

let api: TestApi;
let owner: pg.Pool;
let operations: Operation[];

beforeAll(async () => {
  api = await TestApi.start();
  owner = new pg.Pool({ connectionString: api.database.url });
  operations = operationsOf((await api.get('/api/v1/openapi.json')).body);
});

afterAll(async () => {
  await owner.end();
  await api.stop();
});

describe('another tenant’s credential', () => {
  const acme = `acme-${randomUUID()}`;
  /** Stands in everything that the outsider is not told. */
  const marker = `m${randomUUID().replaceAll('-', '')}`;
  const names = { namespace: 'Production', key: 'app.secret-plan' };
  let outsider: string;
  let globex: string;
  let entry: any;
  let planted: Planted;

  beforeAll(async () => {
    const insider = await api.key('admin', acme);
    const content = { tags: [marker], description: marker, change_reason: marker };
    const sent = { key: insider };
    entry = (await api.post(ENTRIES, { ...names, ...content, value: marker }, sent)).body;
    await api.put(`${ENTRIES}/${entry.id}`, { value: `${marker}-2` }, { key: insider });
    await api.post(ENTRIES, { key: 'other', value: marker, is_secret: true }, { key: insider });
    planted = await Planted.on(api, marker, { change_reason: marker }, sent);
  });

  /** What the outsider knows of the other tenant's, by hearsay. */
  function knownFor(operation: Operation): Facts {
    const wanted = {
      aggregate_id: entry.id,
      prefix: 'app.',
      q: 'secret',
      version: 1,
      a: 1,
      b: 2,
      after: '0',
    };
    const facts = planted.factsFor(operation);
    return { ...wanted, ...facts, ...(facts['namespace'] !== undefined && { ...names, id: entry.id }) };
  }

  beforeEach(async () => {
    globex = `globex-${randomUUID()}`;
    outsider = await api.key('admin', globex);
  });

  /**
   * Whatever belongs to the tenant or to all, in every table that there is. When a key was used last is written down up
   * to a minute later: here, what this test did itself before. Who runs a sink, and how far it has come, changes by itself.
   */
  async function state(): Promise<Record<string, string[]>> {
    const { rows: tables } = await owner.query<{ name: string }>(
      `select a.attrelid::regclass::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
       join pg_namespace n on n.oid = c.relnamespace
       where a.attname = 'tenant' and c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^(pg_|information_schema)'
         and c.relname <> 'sink_checkpoint'
       order by 1`,
    );
    const entries = tables.map(async ({ name }) => {
      const text = `select (to_jsonb(t) - '{last_used_at,holder,term,held_until}'::text[])::text as row from ${name} t where tenant in ($1, '_shared') order by 1`;
      const { rows } = await owner.query<{ row: string }>(text, [acme]);
      return [name, rows.map(({ row }) => row)] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Asked for what is there and is not theirs, in each of the ways that an operation can be asked. */
  const ways = (known: Facts): Facts[] => [
    known,
    { ...known, tenant_id: acme },
    { ...known, tenant_id: null },
    { ...known, reveal: 'true' },
    { ...known, include_shared: 'true', include_total: 'true', mode: 'replace' },
  ];

  it('finds something to ask for: the walk knows every operation, and something that each is about', async () => {
    expect(operations.length).toBeGreaterThan(20);
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    const ofOne = operations.filter(({ path }) => path.includes('{'));
    expect(ofOne.filter((each) => Object.keys(planted.factsFor(each)).length === 0)).toEqual([]);
    const rows = Object.values(await state()).flat();
    const lost = planted.all.filter(
      ({ id, ofInstallation }) =>
        !rows.some((row) => row.includes(String(id)) && (ofInstallation || row.includes(marker))),
    );
    expect(lost).toEqual([]);
  });

  it('reads nothing, changes nothing and breaks nothing, whatever it asks for', async () => {
    const before = await state();
    expect(before['metadata.entry']).toHaveLength(3);
    const told: string[] = [];
    for (const operation of operations) {
      for (const facts of ways(knownFor(operation))) {
        const { status, text, headers } = await call(api, operation, facts, outsider);
        const all = `${text}${JSON.stringify([...headers])}`;
        if (all.includes(marker) || status >= 500) told.push(`${operation.id} ${status} ${text}`);
      }
    }
    expect(told).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it('is refused where it names the other tenant', async () => {
    const naming = operations.filter(({ query }) => query.some(({ name }) => name === 'tenant_id'));
    expect(naming.length).toBeGreaterThan(5);
    for (const operation of naming) {
      const { status, body } = await call(
        api,
        operation,
        { ...knownFor(operation), tenant_id: acme },
        outsider,
      );
      expect([operation.id, status, body.code]).toEqual([operation.id, 403, 'tenant_forbidden']);
    }
  });

  it('gets the answer that it gets for what never was', async () => {
    const byId = operations.filter(({ path }) => /\{(id|key|name)\}/.test(path));
    expect(byId.length).toBeGreaterThan(8);
    const comparable = ({ status, text, headers }: Reply, { id, key, name }: Facts) => ({
      status,
      etag: headers.get('etag'),
      location: headers.get('location')?.replaceAll(/[0-9a-f-]{36}/g, '<id>'),
      body: text
        .replaceAll(String(id), '<id>')
        .replaceAll(String(key), '<key>')
        .replaceAll(String(name), '<name>')
        .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<made>'),
    });
    for (const operation of byId) {
      const known = knownFor(operation);
      const never = { ...known, id: randomUUID(), key: 'app.never-there', name: 'never-there' };
      const foreign = await call(api, operation, known, outsider);
      const nothing = await call(api, operation, never, outsider);
      const isSearch = operation.method === 'GET' && !operation.statuses.includes(404);
      const tag = isSearch && { etag: 'of the text' }; // In which the name stands that was looked for.
      const [told, expected] = [comparable(foreign, known), comparable(nothing, never)];
      expect([operation.id, { ...told, ...tag }]).toEqual([operation.id, { ...expected, ...tag }]);
      const mayBeMade = operation.method === 'PUT' && operation.path.includes('{key}');
      if (!mayBeMade) expect([operation.id, foreign.status]).toEqual([operation.id, isSearch ? 200 : 404]);
      else
        for (const made of [foreign, nothing])
          await api.delete(`${ENTRIES}/${made.body.id}`, { key: outsider });
    }
  });

  it('gets in a batch, too, the answer that it gets for what never was', async () => {
    for (const op of ['update', 'delete']) {
      const results = [];
      for (const id of [entry.id, randomUUID()]) {
        const batch = { mode: 'partial', operations: [{ op, id, ...(op === 'update' && { value: 1 }) }] };
        const { body } = await api.post(`${ENTRIES}/batch`, batch, { key: outsider });
        results.push({ ...body.results[0], problem: { ...body.results[0].problem, request_id: null } });
      }
      expect(results[0]).toEqual(results[1]);
      expect(results[0].status).toBe(404);
    }
  });

  it('is told no more than that an id is taken when it chooses one that is', async () => {
    const mine = randomUUID();
    await api.post(ENTRIES, { id: mine, key: 'mine', value: 1 }, { key: outsider });
    const conflict = async (id: unknown) => {
      const { status, body } = await api.post(ENTRIES, { id, key: 'new', value: 2 }, { key: outsider });
      return { status, ...body, request_id: null };
    };
    const foreign = await conflict(entry.id);
    expect([foreign.status, foreign.code]).toEqual([409, 'id_conflict']);
    const own = await conflict(mine); // Which it may see, and so it is named.
    expect({ ...foreign, conflicting_id: mine }).toEqual(own);
  });

  it('may use the names of another tenant for its own', async () => {
    const reply = await api.post(ENTRIES, { ...names, value: 'ours' }, { key: outsider });
    expect([reply.status, reply.body.tenant_id]).toEqual([201, globex]);
    const read = await api.get(`${ENTRIES}/key/${names.key}?namespace=${names.namespace}`, { key: outsider });
    expect(read.body.value).toBe('ours');
  });

  it('reads the shared rows, and is told that they are not its own to write', async () => {
    const { body: shared } = await api.post(ENTRIES, { tenant_id: null, key: `s-${randomUUID()}`, value: 1 });
    const all = await Planted.on(api, 'shared', { tenant_id: null });
    expect((await api.get(`${ENTRIES}/${shared.id}`, { key: outsider })).body.id).toBe(shared.id);
    const byId = operations.filter(
      (each) => each.method !== 'GET' && !isQuestion(each) && each.path.includes('{id}'),
    );
    expect(byId.length).toBeGreaterThan(3);
    for (const operation of byId) {
      const facts = { ...all.factsFor(operation), version: 1, a: 1, b: 1 };
      const { status, body } = await call(api, operation, facts, outsider);
      const isHidden = all.isHiddenWhenShared(operation);
      const refused = isHidden ? [404, 'sink_not_found'] : [403, 'tenant_forbidden'];
      expect([operation.id, status, body.code]).toEqual([operation.id, ...refused]);
    }
    const operation = { op: 'delete', id: shared.id };
    const batch = await api.post(
      `${ENTRIES}/batch`,
      { mode: 'partial', operations: [operation] },
      { key: outsider },
    );
    expect(batch.body.results[0]).toMatchObject({ status: 403, problem: { code: 'tenant_forbidden' } });
    expect((await api.get(`${ENTRIES}/${shared.id}`)).body).toEqual(shared);
    await api.delete(`${ENTRIES}/${shared.id}`);
    const gone = await api.delete(`${ENTRIES}/${shared.id}`, { key: outsider });
    expect([gone.status, gone.body.code]).toEqual([404, 'metadata_not_found']);
  });
});
