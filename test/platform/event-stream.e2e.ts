import { connect } from 'node:net';
import fc from 'fast-check';
import { ApiKeys, parseApiKey } from '#platform/auth';
import { EventsQueries } from '#platform/change-log';
import { CallContext } from '#platform/context';
import { eventually, TestApi } from '../api.js';
import { aNamespace, aTenant, Entries, ENTRIES, EVENTS } from '../metadata/entries.js';
import { gauge } from '../supervisor-requests/asked.js';
import { EventReaders } from './event-reader.js';
import { eventPage } from './event-page.js';

const STREAM = `${EVENTS}/stream`;

let here: TestApi;
let there: TestApi;
let readers: EventReaders;
const entries = new Entries(() => here);

beforeAll(async () => {
  here = await TestApi.start();
  there = await TestApi.start({ beside: here });
});

afterAll(async () => {
  await there.stop();
  await here.stop();
});

beforeEach(() => {
  readers = new EventReaders();
});

afterEach(() => {
  readers.cut();
});

const idsOf = (events: readonly any[]): string[] => events.map(({ id }) => id);

const inOrder = (one: string, other: string): number => (one < other ? -1 : 1);

/** In one transaction. */
const together = (tenant: string | null, count: number, members: object = {}): Promise<unknown> =>
  entries.batch(
    'atomic',
    Array.from({ length: count }, (_, at) => ({
      op: 'create',
      tenant_id: tenant,
      key: `k${at}-${aNamespace()}`,
      value: at,
      ...members,
    })),
  );

describe('a stream', () => {
  it('tells on every replica what GET /events tells, and its positions are good for both', async () => {
    const tenant = aTenant();
    const stream = await readers.of({ tenant_id: tenant }).begin(there);
    await together(tenant, 3);
    await entries.create({ tenant_id: tenant });
    const told = await stream.hears(4);
    const page = await eventPage(here, { tenant_id: tenant });
    expect(told).toEqual(page.items);
    expect(stream.heard.map(({ lastEventId, type }) => [lastEventId, type])).toEqual(
      ['1-0', '1-1', '1', '2'].map((id, at) => [id, page.items[at].type]),
    );
    const from = async (after: string) => idsOf((await eventPage(here, { tenant_id: tenant, after })).items);
    const ids = idsOf(told);
    expect(await Promise.all(['1-0', '1-1', '1-2', '1'].map(from))).toEqual([
      ids.slice(1),
      ids.slice(2),
      ids.slice(3),
      ids.slice(3),
    ]);
    expect(await eventPage(here, { tenant_id: tenant, after: '1-1', limit: '1' })).toEqual({
      items: [told[2]],
      next: '1',
    });
    const again = readers.of({ tenant_id: tenant, after: page.next }).connect(there);
    await entries.create({ tenant_id: tenant });
    expect((await again.hears(1)).map(({ revision }) => revision)).toEqual([3]);
  });

  it('cut off after any byte and taken up anywhere, tells each event once and in its order', async () => {
    const tenant = aTenant();
    const namespace = aNamespace();
    const query = { tenant_id: tenant, include_shared: 'true', prefix: `${namespace}/` };
    const cuts = fc.sample(fc.integer({ min: 1, max: 9_000 }), 40);
    const all = await readers.of(query).begin(here);
    const cutOff = readers.of({ ...query, after: all.lastEventId });
    let isWritten = false;
    const write = async (): Promise<void> => {
      for (let round = 0; round < 6; round += 1) {
        await Promise.all([
          together(tenant, 5, { namespace }),
          together(null, 3, { namespace }),
          entries.create({ tenant_id: tenant, namespace }),
          entries.create({ tenant_id: tenant }),
        ]);
        const { id } = await entries.create({ tenant_id: tenant, namespace });
        for (const value of [2, 3]) await entries.change(id, { value });
      }
      isWritten = true;
    };
    const writing = write();
    for (const [at, bytes] of cuts.entries()) {
      cutOff.connect(at % 2 === 0 ? here : there, bytes);
      await eventually(async () => cutOff.isCut || isWritten, Boolean);
      cutOff.cut();
    }
    await writing;
    cutOff.connect(here);
    const count = 6 * (5 + 3 + 1 + 3);
    const [whole, parts] = [await all.hears(count), await cutOff.hears(count)];
    expect([whole, parts].map((events) => [events.length, new Set(idsOf(events)).size])).toEqual([
      [count, count],
      [count, count],
    ]);
    for (const events of [whole, parts])
      for (const source of [`/metastore/${tenant}`, '/metastore/shared']) {
        const sequences = events.filter((each) => each.source === source).map(({ sequence }) => sequence);
        expect(sequences).toEqual(sequences.toSorted(inOrder));
      }
    expect(idsOf(parts).toSorted(inOrder)).toEqual(idsOf(whole).toSorted(inOrder));
  });

  it('tells what its filters let through', async () => {
    const tenant = aTenant();
    const { id } = await entries.create({ tenant_id: tenant, namespace: 'production', key: 'app.one' });
    const streams = await Promise.all(
      [
        { types: 'io.metastore.metadata.entry.deleted.v1' },
        { aggregate_type: 'metadata.entry,catalog.team' },
        { aggregate_type: 'catalog.team' },
        { aggregate_id: id },
        { prefix: 'staging/' },
        { types: 'com.example.none' },
      ].map((query) => readers.of({ tenant_id: tenant, ...query }).begin(here)),
    );
    await entries.create({ tenant_id: tenant, namespace: 'staging' });
    await entries.change(id, { value: 2 });
    await here.delete(`${ENTRIES}/${id}`);
    const end = await readers.of({ tenant_id: tenant, after: '0' }).begin(here);
    await end.hears(4);
    await eventually(
      async () => streams.map(({ logged }) => logged.map(({ revision }) => revision)),
      (told) => JSON.stringify(told) === JSON.stringify([[4], [2, 3, 4], [], [3, 4], [2], []]),
    );
  });

  it('of a tenant tells nothing of another', async () => {
    const [acme, globex] = [aTenant(), aTenant()];
    const key = await here.key('viewer', acme);
    const stream = await readers.of({ include_shared: 'true' }, key).begin(there);
    await entries.create({ tenant_id: globex });
    const own = await entries.create({ tenant_id: acme });
    const shared = await entries.create({ tenant_id: null });
    const told = await stream.hears(2);
    expect(told.map(({ data }) => data.id).toSorted(inOrder)).toEqual([own.id, shared.id].toSorted(inOrder));
    expect((await here.get(`${STREAM}?tenant_id=${globex}`, { key })).status).toBe(403);
  });

  it('moves on who waits for what does not come, so that it goes on from there', async () => {
    const tenant = aTenant();
    const streams = await Promise.all(
      [
        { prefix: 'nothing/' },
        { aggregate_type: 'catalog.team' },
        { prefix: 'nothing/', include_shared: 'true' },
      ].map((query) => readers.of({ tenant_id: tenant, ...query }).begin(there)),
    );
    await together(tenant, 3);
    await entries.create({ tenant_id: tenant });
    await eventually(
      async () => streams.map(({ lastEventId }) => lastEventId.split('.')[0]),
      (own) => own.every((id) => id === '2'),
    );
    const types = streams.flatMap((stream) => stream.heard.map(({ type, data }) => [type, data.slice(0, 8)]));
    expect(new Set(types.map(([type]) => type))).toEqual(new Set(['bookmark']));
    expect(streams[0]?.heard[0]?.data).toBe('{"next":"2"}');
  });

  it('ends with its key, on every replica, and with the service', async () => {
    const tenant = aTenant();
    const key = await here.key('viewer', tenant);
    const [one, other] = [await readers.of({}, key).begin(here), await readers.of({}, key).begin(there)];
    const third = await TestApi.start({ beside: here });
    const last = await readers.of({ tenant_id: tenant }).begin(third);
    await here
      .part(CallContext)
      .runAsSystem('test', () => here.part(ApiKeys).revoke(parseApiKey(key)?.id ?? ''));
    await eventually(async () => one.isCut && other.isCut, Boolean);
    expect(last.isCut).toBe(false);
    await third.stop();
    await eventually(async () => last.isCut, Boolean);
  });

  it('is read once for each change, however many follow it and whatever they want', async () => {
    const tenant = aTenant();
    const wishes = [{}, { prefix: 'a/' }, { aggregate_type: 'metadata.entry' }, { include_shared: 'true' }];
    const many = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        readers
          .of({ tenant_id: tenant, ...wishes[at % wishes.length] } as Record<string, string>)
          .begin(there),
      ),
    );
    const queries = there.part(EventsQueries);
    const reads: string[] = [];
    const page = queries.page.bind(queries);
    queries.page = (...asked) => {
      reads.push(asked[0]);
      return page(...asked);
    };
    try {
      await entries.create({ tenant_id: tenant, namespace: 'a' });
      await Promise.all(many.map((each) => each.hears(1)));
      expect(reads).toEqual([tenant]);
    } finally {
      queries.page = page;
    }
    for (const each of many) each.cut();
    await eventually(
      () => gauge(there, 'metastore_event_streams'),
      (count) => count === 0,
    );
  });

  it('is cut off for who does not read it, who hears the rest when it comes back', async () => {
    const tenant = aTenant();
    const { hostname, port } = new URL(there.url);
    const lazy = connect(Number(port), hostname);
    lazy.pause();
    lazy.on('error', () => undefined);
    lazy.write(`GET ${STREAM}?tenant_id=${tenant} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await eventually(
      () => gauge(there, 'metastore_event_streams'),
      (count) => count === 1,
    );
    const reads = await readers.of({ tenant_id: tenant, after: '0' }).begin(there);
    const value = 'x'.repeat(30_000);
    let made = 0;
    await eventually(
      async () => {
        await together(tenant, 10, { value });
        made += 10;
        return gauge(there, 'metastore_event_streams');
      },
      (count) => count === 1,
    );
    lazy.destroy();
    const again = readers.of({ tenant_id: tenant, after: '0' }).connect(there);
    expect(idsOf(await again.hears(made))).toEqual(idsOf(await reads.hears(made)));
  });
});
