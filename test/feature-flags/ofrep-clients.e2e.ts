import { randomUUID } from 'node:crypto';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature as OnServer } from '@openfeature/server-sdk';
import type { Client as ServerClient } from '@openfeature/server-sdk';
import { ClientProviderEvents, OpenFeature as OnWeb } from '@openfeature/web-sdk';
import type { Client as WebClient } from '@openfeature/web-sdk';
import { EventSource } from 'launchdarkly-eventsource';
import { TestApi, eventually } from '../api.js';

const FLAGS = '/api/v1/feature-flags';

/** What went over the wire. */
interface Exchange {
  readonly url: string;
  readonly status: number;
  readonly ifNoneMatch: string | null;
}

let api: TestApi;
let ids: Map<string, string>;
let exchanges: Exchange[];

beforeAll(async () => {
  api = await TestApi.start();
  Object.assign(globalThis, { EventSource });
});

afterAll(async () => {
  await OnServer.close();
  await OnWeb.close();
  Reflect.deleteProperty(globalThis, 'EventSource');
  await api.stop();
});

beforeEach(() => {
  ids = new Map();
  exchanges = [];
});

async function aFlag(details: object): Promise<string> {
  const name = `f-${randomUUID()}`;
  const { status, text, body } = await api.post(FLAGS, { name, enabled: true, ...details });
  if (status !== 201) throw new Error(text);
  ids.set(name, body.id);
  return name;
}

async function change(name: string, details: object): Promise<void> {
  const { status, text } = await api.put(`${FLAGS}/${ids.get(name)}`, details);
  if (status !== 200) throw new Error(text);
}

async function noting(request: Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(request, init);
  const ifNoneMatch = request.headers.get('if-none-match');
  exchanges.push({ url: request.url, status: response.status, ifNoneMatch });
  return response;
}

/** Connections of streams that the service has. */
async function streamsOpen(): Promise<number> {
  const { text } = await api.get('/metrics');
  return Number(/^metastore_flag_streams (\d+)$/m.exec(text)?.[1]);
}

describe('the provider for servers', () => {
  let client: ServerClient;

  beforeEach(async () => {
    const domain = randomUUID();
    await OnServer.setProviderAndWait(domain, new OFREPProvider({ baseUrl: api.url }));
    client = OnServer.getClient(domain);
  });

  it('gets values of every type', async () => {
    const text = await aFlag({ default_value: 'blue' });
    const number = await aFlag({ default_value: 0.5 });
    const object = await aFlag({ default_value: { limit: 7, names: ['a', null] } });
    expect(await client.getBooleanValue(await aFlag({ default_value: false }), false)).toBe(true);
    expect(await client.getStringValue(text, 'none')).toBe('blue');
    expect(await client.getNumberValue(number, -1)).toBe(0.5);
    expect(await client.getObjectValue(object, {})).toEqual({ limit: 7, names: ['a', null] });
  });

  it('gets the reason, the variant and what else is known', async () => {
    const variants = [
      { name: 'a', value: 'A', weight: 0 },
      { name: 'b', value: 'B', weight: 1 },
    ];
    const name = await aFlag({ default_value: 'none', variants });
    const details = await client.getStringDetails(name, 'none', { targetingKey: 'u1' });
    expect(details).toMatchObject({
      ...{ value: 'B', variant: 'b', reason: 'SPLIT', flagMetadata: { version: 1 } },
    });
    expect(details.errorCode).toBeUndefined();
  });

  it('gets the default of a flag that is off', async () => {
    const name = await aFlag({ default_value: false, enabled: false });
    expect(await client.getBooleanDetails(name, true)).toMatchObject({ value: false, reason: 'DISABLED' });
  });

  it('is told that a flag is not there, and keeps to its own default', async () => {
    const details = await client.getStringDetails('never-there', 'mine');
    expect(details).toMatchObject({ value: 'mine', reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' });
  });

  it('is told that a targeting key is missing, and keeps to its own default', async () => {
    const name = await aFlag({ default_value: false, rollout_percentage: 50 });
    const details = await client.getBooleanDetails(name, true);
    expect(details).toMatchObject({ value: true, errorCode: 'TARGETING_KEY_MISSING' });
  });

  it('keeps to its own default where a flag has none', async () => {
    const name = await aFlag({ type: 'string', default_value: null, enabled: false });
    expect(await client.getStringValue(name, 'mine')).toBe('mine');
  });

  it('is refused a context that is none of ours', async () => {
    const name = await aFlag({ default_value: false });
    const details = await client.getBooleanDetails(name, true, { tenant_id: 'Not A Slug' });
    expect(details).toMatchObject({ value: true, errorCode: 'INVALID_CONTEXT' });
  });

  it('sends whatever context there is', async () => {
    const rule = { attribute: 'user.plan', operator: 'in', value: ['pro', 'team'], result: true };
    const name = await aFlag({ default_value: false, targeting_rules: [rule] });
    const valueFor = (plan: string) =>
      client.getBooleanValue(name, false, { user: { plan }, at: new Date() });
    expect([await valueFor('pro'), await valueFor('free')]).toEqual([true, false]);
  });
});

describe('the provider for browsers', () => {
  let client: WebClient;
  let provider: OFREPWebProvider;
  let changed: string[];

  async function open(options: object = {}): Promise<void> {
    const domain = randomUUID();
    const fetchImplementation = noting as typeof fetch;
    provider = new OFREPWebProvider({
      ...{ baseUrl: api.url, cacheMode: 'disabled', fetchImplementation },
      ...options,
    });
    await OnWeb.setContext(domain, { targetingKey: 'u1', plan: 'free' });
    await OnWeb.setProviderAndWait(domain, provider);
    client = OnWeb.getClient(domain);
    changed = [];
    client.addHandler(ClientProviderEvents.ConfigurationChanged, (event) => {
      changed.push(...(event?.flagsChanged ?? []));
    });
  }

  afterEach(async () => {
    await OnWeb.clearProviders();
  });

  const until = (holds: () => boolean): Promise<boolean> => eventually(async () => holds(), Boolean);

  it('gets values of every type, of flags that are off and of none', async () => {
    const [yes, text, object] = [
      await aFlag({ default_value: false }),
      await aFlag({ default_value: 'blue' }),
      await aFlag({ default_value: [1, 2] }),
    ];
    const off = await aFlag({ default_value: 7, enabled: false });
    const none = await aFlag({ type: 'string', default_value: null, enabled: false });
    const needy = await aFlag({ default_value: false, rollout_percentage: 50, bucket_by: 'device' });
    await open({ changeDetection: 'none' });
    expect(client.getBooleanValue(yes, false)).toBe(true);
    expect(client.getStringValue(text, 'none')).toBe('blue');
    expect(client.getObjectValue(object, [])).toEqual([1, 2]);
    expect(client.getNumberDetails(off, 1)).toMatchObject({ value: 7, reason: 'DISABLED' });
    expect(client.getStringDetails(none, 'mine')).toMatchObject({ value: 'mine', reason: 'DISABLED' });
    expect(client.getBooleanDetails(needy, true)).toMatchObject({
      ...{ value: true, errorCode: 'TARGETING_KEY_MISSING' },
    });
    expect(client.getBooleanDetails('never-there', true).errorCode).toBe('FLAG_NOT_FOUND');
  });

  it('polls with its ETag, and hears of a change alone', async () => {
    const name = await aFlag({ default_value: false });
    await open({ changeDetection: 'polling', pollInterval: 20 });
    await until(() => exchanges.filter(({ status }) => status === 304).length > 2);
    expect([changed, exchanges.filter(({ status }) => status === 200).length]).toEqual([[], 1]);
    await change(name, { rollout_value: false });
    await until(() => changed.includes(name));
    expect([changed, client.getBooleanValue(name, true)]).toEqual([[name], false]);
  });

  it('is not told “as before” when another attribute than the targeting key changed', async () => {
    const rule = { attribute: 'plan', operator: 'eq', value: 'pro', result: true };
    const name = await aFlag({ default_value: false, targeting_rules: [rule] });
    await open({ changeDetection: 'none' });
    expect(client.getBooleanValue(name, true)).toBe(false);
    await OnWeb.setContext(client.metadata.domain ?? '', { targetingKey: 'u1', plan: 'pro' });
    expect(client.getBooleanValue(name, false)).toBe(true);
    const [first, second] = exchanges;
    expect([first?.ifNoneMatch, second?.status]).toEqual([null, 200]);
    expect(second?.ifNoneMatch).toMatch(/^"[\w-]{43}"$/);
  });

  it('asks again when the stream tells it to, and only then', async () => {
    const name = await aFlag({ default_value: false });
    await open();
    await eventually(streamsOpen, (count) => count > 0);
    expect(exchanges).toHaveLength(1);
    await change(name, { rollout_value: false });
    await until(() => changed.includes(name));
    expect(client.getBooleanValue(name, true)).toBe(false);
    await change(name, { rollout_value: true });
    await until(() => changed.length === 2);
    expect(client.getBooleanValue(name, false)).toBe(true);
    expect(exchanges.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(exchanges[1]?.url).toMatch(/\?flagConfigEtag=%22.+%22&flagConfigLastModified=\d{10}$/);
  });
});
