import pg from 'pg';
import { eventually, TestApi } from '../api.js';
import { aTenant, Entries, EVENTS } from '../metadata/entries.js';
import { gauge } from '../supervisor-requests/asked.js';
import { eventPage } from './event-page.js';
import { EventReaders } from './event-reader.js';

const STREAM = `${EVENTS}/stream`;

let here: TestApi;
let readers: EventReaders;
const entries = new Entries(() => here);

beforeAll(async () => {
  here = await TestApi.start();
  readers = new EventReaders();
});

afterEach(() => {
  readers.cut();
});

afterAll(async () => {
  await here.stop();
});

describe('a place before what is kept', () => {
  it('gets a reset, and from then on what comes', async () => {
    const tenant = aTenant();
    for (const value of [1, 2, 3, 4]) await entries.create({ tenant_id: tenant, value });
    const owner = new pg.Client({ connectionString: here.database.url });
    await owner.connect();
    await owner.query(`select set_config('app.tenant', '*', false)`);
    await owner.query('update platform.stream_head set compacted_revision = 2 where tenant = $1', [tenant]);
    await owner.end();
    const { status, body } = await here.get(`${EVENTS}?tenant_id=${tenant}&after=1`);
    expect([status, body.code]).toEqual([410, 'revision_compacted']);
    expect(body.oldest).toBe('2');
    const both = `${EVENTS}?tenant_id=${tenant}&include_shared=true&after=`;
    const { body: gone } = await here.get(`${both}1.1-0`);
    expect([gone.code, gone.stream, gone.oldest]).toEqual(['revision_compacted', tenant, '2.1-0']);
    expect((await here.get(`${both}${gone.oldest}`)).status).toBe(200);
    const page = await eventPage(here, { tenant_id: tenant });
    expect(page.items.map(({ revision }) => revision)).toEqual([3, 4]);
    const streams = await Promise.all(
      ['0', '1', '2-0', '2', '3'].map((after) => readers.of({ tenant_id: tenant, after }).begin(here)),
    );
    await entries.create({ tenant_id: tenant });
    const told = await Promise.all(streams.map((stream) => stream.hears(1)));
    const data = JSON.stringify({ code: 'revision_compacted', oldest: '2', next: '4' });
    for (const stream of streams.slice(0, 3))
      expect(stream.heard[0]).toEqual({ type: 'reset', data, lastEventId: '4' });
    expect(told.slice(0, 3).map((events) => events.map(({ revision }) => revision))).toEqual([[5], [5], [5]]);
    const [, , , fromTwo, fromThree] = streams;
    expect((await fromTwo?.hears(3))?.map(({ revision }) => revision)).toEqual([3, 4, 5]);
    expect((await fromThree?.hears(2))?.map(({ revision }) => revision)).toEqual([4, 5]);
  });
});

it.each([
  ['after=x', {}, '/after pattern'],
  ['after=1.2', {}, '/after pattern'],
  ['after=1&include_shared=true&tenant_id=t', {}, '/after pattern'],
  ['after=999999999', {}, '/after beyond_head'],
  ['after=999999999-1', {}, '/after beyond_head'],
  ['after=0', { 'Last-Event-ID': 'x' }, '/Last-Event-ID pattern'],
  ['aggregate_id=one', {}, '/aggregate_id pattern'],
  ['limit=1', {}, '/limit unknown_property'],
  ['token=x', { Authorization: 'Bearer x' }, ''],
])('%s with %j is refused before a stream is begun', async (query, headers, mistake) => {
  const { status, body } = await here.get(`${STREAM}?${query}`, {
    headers: headers as Record<string, string>,
  });
  const told = body.errors?.map(({ pointer, code }: any) => `${pointer} ${code}`) ?? [''];
  expect([status, told]).toEqual([mistake === '' ? 401 : 400, [mistake]]);
});

it('a position beyond the head is refused by pages, too, inside of a transaction or not', async () => {
  const tenant = aTenant();
  await entries.create({ tenant_id: tenant });
  for (const after of ['2', '2-0']) {
    const { status, body } = await here.get(`${EVENTS}?tenant_id=${tenant}&after=${after}`);
    expect([status, body.errors?.[0].code]).toEqual([400, 'beyond_head']);
  }
});

it('a head is no stream', async () => {
  const { status, headers } = await here.request('HEAD', STREAM);
  expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  await eventually(
    () => gauge(here, 'metastore_event_streams'),
    (count) => count === 0,
  );
});
