import { randomUUID } from 'node:crypto';
import { eventually, TestApi } from '../api.js';
import { aFlag, FLAGS } from './made.js';

const BULK = '/ofrep/v1/evaluate/flags';
const JSON_TYPE = 'application/json; charset=utf-8';

let api: TestApi;
let closed: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
  closed = await TestApi.start({ beside: api, env: { APP_ENV: 'production' } });
});

afterAll(async () => {
  await closed.stop();
  await api.stop();
});

/** The key of a new flag. */
const aFlagKey = async (details: object = {}): Promise<string> => (await aFlag(api, details)).name;

describe('who asks', () => {
  it('needs a credential', async () => {
    for (const path of [BULK, `${BULK}/any`]) {
      const { status, headers, body } = await closed.post(path, {});
      expect([status, headers.get('content-type')]).toEqual([401, JSON_TYPE]);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(body).toMatchObject({ errorCode: 'GENERAL', code: 'credential_missing' });
    }
  });

  it('needs the permission', async () => {
    const { status, body } = await closed.post(BULK, {}, { key: await api.key('viewer', null) });
    expect([status, body.code]).toEqual([403, 'permission_denied']);
  });

  it('is refused another tenant', async () => {
    const key = await api.key('evaluator', 'acme');
    const context = { tenant_id: 'globex' };
    for (const path of [BULK, `${BULK}/any`]) {
      const { status, headers, body } = await closed.post(path, { context }, { key });
      expect([status, headers.get('content-type')]).toEqual([403, JSON_TYPE]);
      expect(body).toMatchObject({ errorCode: 'GENERAL', code: 'tenant_forbidden' });
    }
    expect((await closed.post(BULK, { context: { tenant_id: 'acme' } }, { key })).status).toBe(200);
  });

  it('gets the flags of its own tenant without naming it', async () => {
    const name = `f-${randomUUID()}`;
    await api.post(FLAGS, { tenant_id: 'acme', name, enabled: true, default_value: false });
    const key = await api.key('evaluator', 'acme');
    await eventually(
      () => closed.post(`${BULK}/${name}`, {}, { key }),
      ({ status }) => status === 200,
    );
    const other = await api.key('evaluator', 'globex');
    expect((await closed.post(`${BULK}/${name}`, {}, { key: other })).status).toBe(404);
  });

  it('sees from a browser what is for browsers, and learns of nothing else', async () => {
    const hidden = await aFlagKey({ enabled: false });
    const prerequisites = [{ flag: hidden, equals: true }];
    const shown = await aFlagKey({ client_visible: true, prerequisites });
    const key = await api.key('client', null);
    const server = await api.key('evaluator', null);
    const { body: told } = await eventually(
      () => closed.post(`${BULK}/${shown}`, {}, { key }),
      ({ status }) => status === 200,
    );
    expect(told).toEqual({ key: shown, reason: 'DEFAULT', value: false, metadata: { version: 1 } });
    const foreign = await closed.post(`${BULK}/${hidden}`, {}, { key });
    const never = await closed.post(`${BULK}/never-there`, {}, { key });
    expect(foreign.text.replaceAll(hidden, 'never-there')).toBe(never.text);
    expect(foreign.status).toBe(404);
    const { text, body } = await closed.post(BULK, {}, { key });
    expect([text.includes(hidden), text.includes(shown)]).toEqual([false, true]);
    expect(body.flags.every((flag: { key: string }) => flag.key !== hidden)).toBe(true);
    expect((await closed.post(BULK, {}, { key: server })).text).toContain(hidden);
  });
});
