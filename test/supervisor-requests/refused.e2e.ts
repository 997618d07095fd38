import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply, Sent } from '../api.js';
import { aBody, aRequest, at, mistakes, outcome } from './made.js';
import { aStore, aTenant, REQUESTS, storeOf } from './sown.js';

let api: TestApi;
let supervisor: Sent;

beforeAll(async () => {
  api = await TestApi.start();
  supervisor = { key: await api.key('supervisor', null) };
});

afterAll(() => api.stop());

const ask = (body: object): Promise<Reply> => api.post(REQUESTS, aBody(body));
const NOBODY = randomUUID();

describe('a question is refused', () => {
  it('with everything that is wrong at once, whoever finds it', async () => {
    const reply = await ask({
      ...{ id: 'x', tenant_id: 7, store_id: 'a\u0007b', kind: 'order', question: '', options: ['a', 'a', 1] },
      ...{ response_schema: 'x', details: [], priority: 0, timeout_seconds: 4.5, assignee_team_id: 'y' },
      ...{ on_timeout: 'never', default_response: { text: 1, decision: 'maybe', said: 1 } },
      ...{ allow_late_response: 'no', dedupe_key: '', callback_url: 'ftp://example.com', status: 'pending' },
      escalation: [{ after_seconds: 0 }, [], { after_seconds: 9, priority: 7, team: 'x' }],
    });
    expect(mistakes(reply)).toEqual([
      ...[400, 'invalid_input', '/allow_late_response type'],
      '/assignee_team_id pattern',
      '/callback_url url',
      '/dedupe_key too_short',
      '/default_response/decision choice',
      '/default_response/said unknown_property',
      '/default_response/text type',
      '/details type',
      '/escalation/0 no_change',
      '/escalation/0/after_seconds too_small',
      '/escalation/1 type',
      '/escalation/2/priority too_large',
      '/escalation/2/team unknown_property',
      '/id pattern',
      '/kind choice',
      '/on_timeout choice',
      '/options/2 type',
      '/priority too_small',
      '/question too_short',
      '/response_schema type',
      '/status unknown_property',
      '/store_id pattern',
      '/tenant_id type',
      '/timeout_seconds type',
    ]);
    expect(mistakes(await api.post(REQUESTS, {}))).toEqual([
      ...[400, 'invalid_input', '/kind required', '/question required', '/store_id required'],
    ]);
  });

  it.each<[string, object, unknown[]]>([
    ['options that say the same', { options: ['a', 'a'] }, [400, 'invalid_input', '/options/1 duplicate']],
    ['no options in a list of them', { options: [] }, [400, 'invalid_input', '/options too_few_options']],
    [
      'details of 32 KiB and more',
      { details: { a: 'ä'.repeat(17_000) } },
      [400, 'invalid_input', '/details too_large'],
    ],
    [
      'steps out of order',
      {
        escalation: [
          { after_seconds: 9, priority: 1 },
          { after_seconds: 8, priority: 1 },
        ],
      },
      [400, 'invalid_input', '/escalation/1/after_seconds not_ascending'],
    ],
    [
      'approval by silence',
      { kind: 'approval', on_timeout: 'default_response', default_response: { decision: 'approved' } },
      [400, 'invalid_input', '/on_timeout approval_by_silence'],
    ],
    [
      'a default that nothing asks for',
      { default_response: { text: 'Yes' } },
      [400, 'invalid_input', '/default_response default_unused'],
    ],
    [
      'no default where it is to be taken',
      { on_timeout: 'default_response' },
      [400, 'invalid_input', '/default_response required'],
    ],
    [
      'a default that the schema does not allow',
      {
        ...{ on_timeout: 'default_response', default_response: { data: { a: 'x' } } },
        response_schema: { properties: { a: { type: 'integer' } } },
      },
      [422, 'response_refused', '/default_response/data/a type'],
    ],
    [
      'a schema that is none',
      { response_schema: { type: 'text' } },
      [422, 'schema_refused', '/response_schema/type schema_invalid'],
    ],
    [
      'a schema that lies elsewhere',
      { response_schema: { $ref: 'urn:metastore:schema:address:1.0.0' } },
      [422, 'schema_refused', '/response_schema/$ref reference_forbidden'],
    ],
    [
      'teams that are not there',
      { assignee_team_id: NOBODY, escalation: [{ after_seconds: 9, assignee_team_id: NOBODY }] },
      [
        ...[422, 'catalog_reference_unknown', '/assignee_team_id team_unknown'],
        '/escalation/0/assignee_team_id team_unknown',
      ],
    ],
  ])('with %s', async (_, body, expected) => {
    const reply = await ask(body);
    const told = mistakes(reply).map((each) => String(each).replace(/ catalog_\w+$/, ' team_unknown'));
    expect(told).toEqual(expected.map(String));
  });

  it('in a store that has no name, or another one', async () => {
    const { store_id: _, ...body } = aBody() as { store_id: string };
    expect(mistakes(await api.post(storeOf('a'.repeat(129)), body))).toEqual([
      ...[400, 'invalid_input', '/store_id too_long'],
    ]);
    expect(mistakes(await api.post(storeOf('a\tb'), body))).toEqual([
      400,
      'invalid_input',
      '/store_id pattern',
    ]);
    for (const dots of ['.', '..'])
      expect(mistakes(await api.post(REQUESTS, { ...body, store_id: dots }))).toEqual([
        ...[400, 'invalid_input', '/store_id pattern'],
      ]);
    expect((await api.post(REQUESTS, { ...body, store_id: '...' })).status).toBe(201);
    expect(mistakes(await api.post(storeOf('a'), { ...body, store_id: 'b' }))).toEqual([
      ...[400, 'invalid_input', '/store_id contradiction'],
    ]);
  });
});

describe('a response is refused', () => {
  const respond = async (asked: object, said: object): Promise<unknown[]> => {
    const request = await aRequest(api, asked);
    const reply = await api.post(at(request, '/respond'), said, supervisor);
    expect((await api.get(at(request))).body.version).toBe(1);
    return mistakes(reply);
  };

  it.each<[string, object, object, unknown[]]>([
    [
      'with no option',
      { options: ['Yes'] },
      { text: 'yes' },
      [422, 'response_refused', '/text not_an_option'],
    ],
    ['with nothing', {}, {}, [422, 'response_refused', '/text required']],
    ['without a decision', { kind: 'approval' }, {}, [422, 'response_refused', '/decision required']],
    [
      'with the decision of another kind',
      {},
      { text: 'Yes', decision: 'approved' },
      [422, 'response_refused', '/decision choice'],
    ],
    [
      'with everything that is wrong at once',
      { kind: 'approval', options: ['Yes'], response_schema: { required: ['a'], type: 'object' } },
      { text: 'No', data: {} },
      [422, 'response_refused', '/data/a required', '/decision required', '/text not_an_option'],
    ],
    [
      'without the data that the schema wants',
      { response_schema: { type: 'object' } },
      { text: 'Yes' },
      [422, 'response_refused', '/data type'],
    ],
    [
      'with what no response has',
      {},
      { text: 1, decision: 'perhaps', late: true },
      [400, 'invalid_input', '/decision choice', '/late unknown_property', '/text type'],
    ],
  ])('%s', async (_, asked, said, expected) => {
    expect(await respond(asked, said)).toEqual(expected);
  });

  it('while somebody else works on it, and not from whoever does', async () => {
    const request = await aRequest(api, { kind: 'alert' });
    const claimed = await api.post(at(request, '/claim'), {}, supervisor);
    const other = { key: await api.key('supervisor', null) };
    const refused = await api.post(at(request, '/respond'), {}, other);
    expect([...outcome(refused), refused.body.claim]).toEqual([409, 'claimed', claimed.body.claim]);
    const taken = await api.post(at(request, '/respond'), {}, supervisor);
    expect(taken.body).toMatchObject({ status_code: 'response_received', claim: null });
  });
});

describe('a change is refused', () => {
  it('with everything that is wrong at once', async () => {
    const request = await aRequest(api);
    const patch = (body: object) => api.patch(at(request), body);
    expect(
      mistakes(
        await patch({ priority: null, expires_at: 'soon', assignee_team_id: 1, details: 1, kind: 'alert' }),
      ),
    ).toEqual([
      ...[400, 'invalid_input', '/assignee_team_id pattern', '/details type', '/expires_at pattern'],
      ...['/kind unknown_property', '/priority type'],
    ]);
    const past = { expires_at: request.request_timestamp, details: { a: 'ä'.repeat(17_000) } };
    expect(mistakes(await patch(past))).toEqual([
      400,
      'invalid_input',
      '/details too_large',
      '/expires_at past',
    ]);
    const far = new Date(Date.parse(request.request_timestamp) + 2_592_001_000).toISOString();
    expect(mistakes(await patch({ ...past, priority: 9 }))).toEqual([
      ...[400, 'invalid_input', '/details too_large', '/expires_at past', '/priority too_large'],
    ]);
    expect(mistakes(await patch({ expires_at: far }))).toEqual([400, 'invalid_input', '/expires_at range']);
    expect((await patch({ assignee_team_id: NOBODY })).body.code).toBe('catalog_reference_unknown');
    expect((await api.post(at(request, '/escalate'), { assignee_team_id: NOBODY })).body.code).toBe(
      'catalog_reference_unknown',
    );
    expect((await api.get(at(request))).body).toEqual(request);
  });

  it('by a route that is not there, or that needs another version', async () => {
    const request = await aRequest(api);
    expect(outcome(await api.put(at(request), { priority: 1 }))).toEqual([405, 'method_not_allowed']);
    const stale = { headers: { 'If-Match': '"9"' } };
    for (const act of ['/cancel', '/escalate', '/respond'])
      expect(outcome(await api.post(at(request, act), { change_reason: 'x' }, stale))).toEqual([
        ...[412, 'stale_version'],
      ]);
    for (const act of ['', '/history', '/versions', '/versions/1'])
      expect((await api.get(at({ id: randomUUID() }, act))).status).toBe(404);
    for (const act of ['/cancel', '/escalate', '/respond'])
      expect(outcome(await api.post(at({ id: randomUUID() }, act), {}))).toEqual([
        ...[404, 'supervisor_request_not_found'],
      ]);
  });
});

describe('whoever may', () => {
  it('ask does not answer, and whoever answers does not ask', async () => {
    const editor = { key: await api.key('editor', null) };
    const request = await aRequest(api, { kind: 'alert' }, editor);
    expect(outcome(await api.post(at(request, '/respond'), {}, editor))).toEqual([403, 'permission_denied']);
    for (const [method, path] of [
      ['POST', REQUESTS],
      ['POST', storeOf('a')],
      ['PATCH', at(request)],
      ['DELETE', at(request)],
      ['POST', at(request, '/cancel')],
      ['POST', at(request, '/escalate')],
    ] as const)
      expect(outcome(await api.request(method, path, { ...supervisor, body: {} }))).toEqual([
        ...[403, 'permission_denied'],
      ]);
    expect((await api.get(at(request), supervisor)).status).toBe(200);
    expect((await api.post(at(request, '/respond'), {}, supervisor)).status).toBe(200);
  });

  it('see one tenant decides about nothing of another, and about nothing that belongs to all', async () => {
    const [mine, theirs] = [aTenant(), aTenant()];
    const here = { key: await api.key('admin', mine) };
    const store = aStore();
    const own = await aRequest(api, { store_id: store, kind: 'alert', dedupe_key: 'a' }, here);
    expect(own.tenant_id).toBe(mine);
    const foreign = await aRequest(api, {
      tenant_id: theirs,
      store_id: store,
      kind: 'alert',
      dedupe_key: 'a',
    });
    const shared = await aRequest(api, { store_id: store, kind: 'alert' });
    const acts = (request: any) => [
      api.get(at(request), here),
      api.patch(at(request), { priority: 1 }, here),
      api.post(at(request, '/respond'), {}, here),
      api.post(at(request, '/cancel'), {}, here),
      api.post(at(request, '/escalate'), {}, here),
      api.delete(at(request), here),
    ];
    const statuses = async (request: any) => (await Promise.all(acts(request))).map(({ status }) => status);
    expect(await statuses(foreign)).toEqual(Array(6).fill(404));
    expect(await statuses(shared)).toEqual([200, ...Array(5).fill(403)]);
    expect(outcome(await api.post(REQUESTS, aBody({ tenant_id: theirs }), here))).toEqual([
      ...[403, 'tenant_forbidden'],
    ]);
    expect((await api.get(at(foreign))).body.version).toBe(1);
    expect((await api.post(at(own, '/respond'), {}, here)).status).toBe(200);
  });
});
