import { TestApi } from '../api.js';
import { aTenant, mistakes, outcome } from './made.js';
import { aName, aSchema, SCHEMAS } from './schemas.js';

/** Branches that multiply with each level of a document. */
const HOSTILE = {
  properties: { a: { anyOf: [{ $ref: '#' }, { $ref: '#' }, { $ref: '#' }] } },
  required: ['b'],
};

function nested(depth: number): string {
  return `${'{"not":'.repeat(depth)}true${'}'.repeat(depth)}`;
}

/** Twenty that each refer twice to the next: 2 KB, and a million schemas for one value. */
function exponential(): object {
  const defs = Array.from({ length: 20 }, (_, index) => {
    const next = { $ref: `#/$defs/d${index + 1}` };
    return [`d${index}`, { anyOf: [next, next] }];
  });
  return { $ref: '#/$defs/d0', $defs: { ...Object.fromEntries(defs), d20: false } };
}

describe('schemas as hostile input', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start({ env: { SCHEMA_JOB_MS: '600' } });
  });
  afterAll(() => api.stop());

  const send = (schema: unknown) => api.post(SCHEMAS, { name: aName(), json_schema: schema });

  it('are refused at a depth that no parser should follow', async () => {
    const body = `{"name": "${aName()}", "json_schema": ${nested(20_000)}}`;
    const reply = await api.post(SCHEMAS, body, { headers: { 'Content-Type': 'application/json' } });
    expect(reply.status).toBe(400);
    expect(mistakes(reply)).toEqual([expect.stringMatching(/ too_deep$/)]);
  });

  it('are refused when they are as deep as a body may be, and no schema', async () => {
    const body = `{"name": "${aName()}", "json_schema": ${nested(62)}}`;
    expect((await api.post(SCHEMAS, body, { headers: { 'Content-Type': 'application/json' } })).status).toBe(
      201,
    );
  });

  it('that name a prototype are refused with the body', async () => {
    const body = `{"name": "${aName()}", "json_schema": {"properties": {"__proto__": {"type": "string"}}}}`;
    const reply = await api.post(SCHEMAS, body, { headers: { 'Content-Type': 'application/json' } });
    expect([reply.status, mistakes(reply)]).toEqual([
      400,
      ['/json_schema/properties/__proto__ forbidden_key'],
    ]);
  });

  it('that multiply are refused, and nothing of them is stored', async () => {
    const name = aName();
    expect(JSON.stringify(exponential()).length).toBeLessThan(2_048);
    const reply = await api.post(SCHEMAS, { name, json_schema: exponential() });
    expect(outcome(reply)).toEqual([422, 'schema_refused']);
    expect(mistakes(reply)).toEqual([expect.stringMatching(/^\/json_schema\/\$defs\/d\d+ schema_explodes$/)]);
    expect((await api.get(`${SCHEMAS}?name=${name}`)).body.items).toEqual([]);
  });

  it('with every kind of mistake are refused with all of them', async () => {
    const reply = await send({
      properties: {
        a: { pattern: '(?<=a)b' },
        b: { patternProperties: { '(a)\\1': true } },
        c: { $ref: 'http://127.0.0.1:1/a.json' },
        d: { $ref: 'file:///etc/passwd' },
        e: { type: 'nothing' },
        f: { $dynamicRef: 'https://evil.example#x' },
      },
    });
    expect(outcome(reply)).toEqual([422, 'schema_refused']);
    expect(mistakes(reply)).toEqual([
      '/json_schema/properties/a/pattern pattern_refused',
      '/json_schema/properties/b/patternProperties/(a)\\1 pattern_refused',
      '/json_schema/properties/c/$ref reference_forbidden',
      '/json_schema/properties/d/$ref reference_forbidden',
      '/json_schema/properties/e/type schema_invalid',
      '/json_schema/properties/f/$dynamicRef reference_forbidden',
    ]);
  });

  it('with 5,001 schemas in them, or more than 256 KiB, are refused', async () => {
    const many = await send({ anyOf: Array(5_000).fill(true) });
    expect(mistakes(many)).toEqual(['/json_schema too_many_subschemas']);
    const large = await send({ const: 'a'.repeat(256 * 1024) });
    expect(mistakes(large)).toEqual(['/json_schema schema_too_large']);
  });

  it('with a pattern that holds up others answer at once, for all documents', async () => {
    const { id } = await aSchema(api, { pattern: '^(a+)+$' });
    const reply = await api.post(`${SCHEMAS}/${id}/validate`, { document: `${'a'.repeat(100_000)}!` });
    expect(reply.body.errors).toMatchObject([{ pointer: '', keyword: 'pattern' }]);
  });

  it('keep nobody else waiting while they are stopped', async () => {
    const [hostile, other] = [aTenant(), aTenant()];
    const [attacker, key] = [await api.key('editor', hostile), await api.key('editor', other)];
    const bad = await aSchema(api, HOSTILE, {}, { key: attacker });
    const good = await aSchema(api, { type: 'string' }, {}, { key });
    const levels = '{"a":'.repeat(50) + '{}' + '}'.repeat(50);
    const attack = () =>
      api.post(`${SCHEMAS}/${bad.id}/validate`, `{"document": ${levels}}`, {
        key: attacker,
        headers: { 'Content-Type': 'application/json' },
      });
    let isOver = false;
    const attacks = Array.from({ length: 6 }, async () => {
      const codes = [];
      while (!isOver || codes.length === 0) codes.push(outcome(await attack()).join(' '));
      return codes;
    });
    const answers = [];
    for (let index = 0; index < 50; index += 1) {
      const reply = await api.post(`${SCHEMAS}/${good.id}/validate`, { document: index }, { key });
      answers.push(reply.body.valid);
    }
    isOver = true;
    expect(answers).toEqual(Array(50).fill(false));
    const codes = (await Promise.all(attacks)).flat();
    expect(new Set(codes)).toEqual(new Set(['422 schema_too_expensive']));
  });

  it('of one tenant in a flood are refused with a time to come back, and those of others are not', async () => {
    const [flooding, other] = [await api.key('editor', aTenant()), await api.key('editor', aTenant())];
    const { id } = await aSchema(api, { type: 'string' });
    const ask = (key: string) => api.post(`${SCHEMAS}/${id}/validate`, { document: 1 }, { key });
    const bad = await aSchema(api, HOSTILE);
    const levels = JSON.parse('{"a":'.repeat(50) + '{}' + '}'.repeat(50)) as object;
    const flood = Array.from({ length: 60 }, () =>
      api.post(`${SCHEMAS}/${bad.id}/validate`, { document: levels }, { key: flooding }),
    );
    const answers = [];
    for (let index = 0; index < 10; index += 1) answers.push((await ask(other)).status);
    expect(answers).toEqual(Array(10).fill(200));
    const replies = await Promise.all(flood);
    const busy = replies.filter(({ status }) => status === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(
      busy.every(({ body, headers }) => body.code === 'validation_busy' && headers.has('retry-after')),
    ).toBe(true);
    expect(replies.filter(({ status }) => status !== 429 && status !== 422)).toEqual([]);
  });
});
