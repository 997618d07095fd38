import { TestApi } from '../api.js';
import { aKey, anEntry, ENTRIES } from './entries.js';
import { HostileWrites, WRITES } from './hostile-writes.js';
import { invalid, refusalIn } from './written.js';

let api: TestApi;
let hostile: HostileWrites;

beforeAll(async () => {
  api = await TestApi.start();
  hostile = await HostileWrites.on(api);
});

afterAll(async () => {
  await hostile.close();
  await api.stop();
});

const NESTED = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

describe('a body that is no clean JSON', () => {
  it.each([
    ['null', 'null', ['']],
    ['a list', '[{"key":"k","value":1}]', ['']],
    ['a string', '"text"', ['']],
    ['a number', '7', ['']],
    ['white space', ' \n', ['']],
    ['broken off', '{"value":1', ['']],
    ['two documents', '{"value":1}{}', ['']],
    ['a trailing comma', '{"value":1,}', ['']],
    ['a comment', '{"value":1/* */}', ['']],
    ['no number', '{"value":NaN}', ['/value']],
    ['a leading zero', '{"value":01}', ['']],
    ['single quotes', "{'value':1}", ['']],
    ['NUL, escaped', '{"value":"a\\u0000b"}', ['/value']],
    ['NUL, escaped, in the description', '{"value":1,"description":"\\u0000"}', ['/description']],
    ['NUL, raw', '{"value":"a\0b"}', ['/value']],
    ['NUL between', '{"value":1\0}', ['']],
    ['NUL in a key', '{"value":{"a\\u0000":1}}', ['/value']],
    ['half of a character', '{"value":"\\ud83d"}', ['/value']],
    ['the other half', '{"value":["\\ude00\\ud83d"]}', ['/value/0']],
    ['half of a character in a tag', '{"value":1,"tags":["ok","\\ud800"]}', ['/tags/1']],
    ['__proto__', '{"value":1,"__proto__":{"is_secret":true}}', ['/__proto__']],
    ['__proto__ further down', '{"value":[{"__proto__":1}]}', ['/value/0/__proto__']],
    ['__proto__ with escapes', '{"value":{"\\u005f_proto__":1}}', ['/value/__proto__']],
    ['constructor', '{"value":{"constructor":{"prototype":{}}}}', ['/value/constructor']],
    ['a key twice', '{"value":1,"value":2}', ['/value']],
    ['a key twice, once with escapes', '{"value":{"a":1,"\\u0061":2}}', ['/value/a']],
    ['a number without bound', '{"value":1,"tags":[1e400]}', ['/tags/0']],
    ['a number with too many digits', '{"value":1,"description":9007199254740993}', ['/description']],
  ])('is refused with its place: %s', async (_, body, pointers) => {
    await hostile.writingNothing(async () => {
      for (const how of WRITES) {
        expect([how, refusalIn(await hostile.write(how, body))]).toEqual([how, invalid(...pointers)]);
      }
    });
  });

  it('says nothing where it is empty', async () => {
    await hostile.writingNothing(async () => {
      expect(refusalIn(await hostile.write('POST', ''))).toEqual(invalid('/key', '/value'));
      expect(refusalIn(await hostile.write('upsert', ''))).toEqual(invalid('/value'));
      expect((await hostile.write('PUT', '')).body.version).toBe(1);
      expect((await hostile.write('PATCH', '')).body.version).toBe(1);
    });
  });

  it('is refused where it is ten thousand levels deep, or one too many', async () => {
    await hostile.writingNothing(async () => {
      for (const value of [NESTED, '['.repeat(10_000), `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`]) {
        for (const how of WRITES) {
          const { status, code, pointers } = refusalIn(await hostile.write(how, `{"value":${value}}`));
          expect([how, status, code, pointers[0]?.startsWith('/value')]).toEqual([
            how,
            400,
            'invalid_input',
            true,
          ]);
        }
      }
    });
  });

  it('is refused where it is not UTF-8, and tells where', async () => {
    await hostile.writingNothing(async () => {
      for (const bytes of ['ff', 'c3', 'c080', 'eda080', 'f4908080', 'e282']) {
        const body = Buffer.concat([Buffer.from('{"value":"'), Buffer.from(bytes, 'hex'), Buffer.from('"}')]);
        for (const how of WRITES) {
          const reply = await hostile.write(how, body);
          expect(refusalIn(reply)).toEqual(invalid(''));
          expect(reply.body.errors[0]).toMatchObject({
            code: 'invalid_utf8',
            detail: expect.stringContaining('offset 10 '),
          });
        }
      }
    });
  });

  it('is refused where a line of an import or an operation of a batch is, in its place', async () => {
    await hostile.writingNothing(async () => {
      const batch = (operation: string) =>
        api.post(`${ENTRIES}/batch`, `{"operations":[{"op":"create","key":"k","value":1},${operation}]}`);
      expect(refusalIn(await batch('{"op":"create","key":"k2","value":"\\u0000"}'))).toEqual(
        invalid('/operations/1/value'),
      );
      expect(
        refusalIn(
          await batch(`{"op":"update","id":"${hostile.entry.id}","if_version":9007199254740993,"value":2}`),
        ),
      ).toEqual(invalid('/operations/1/if_version'));
      expect(refusalIn(await batch('7'))).toEqual({
        status: 422,
        code: 'batch_refused',
        pointers: ['/operations/1'],
      });
      expect(refusalIn(await batch('[]'))).toEqual({
        status: 422,
        code: 'batch_refused',
        pointers: expect.any(Array),
      });
      const lines = [
        'null',
        '[]',
        '7',
        '{',
        `{"key":"k","value":${NESTED}}`,
        '{"key":"k","value":"\\ud800"}',
        '{"key":"k","value":1,"version":1e400}',
      ];
      const headers = { 'Content-Type': 'application/x-ndjson' };
      const reply = await api.post(`${ENTRIES}/import`, lines.join('\n'), { headers });
      expect([reply.status, reply.body.failed, reply.body.created]).toEqual([200, lines.length, 0]);
      expect(reply.body.errors.map(({ line, code }: any) => [line, code])).toEqual(
        lines.map((_, index) => [index + 1, 'invalid_input']),
      );
      const bytes = Buffer.concat([
        Buffer.from('{"key":"k","value":"'),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]);
      expect((await api.post(`${ENTRIES}/import`, bytes, { headers })).body).toMatchObject({
        failed: 1,
        errors: [{ line: 1, errors: [{ code: 'invalid_utf8' }] }],
      });
    });
  });
});

describe('a member that breaks a rule', () => {
  const at = (members: object) => api.post(ENTRIES, anEntry(members));

  it.each([
    ['tags', Array.from({ length: 51 }, (_, index) => `t${index}`), '/tags'],
    ['tags', Array.from({ length: 10_000 }, (_, index) => `t${index}`), '/tags'],
    ['tags', ['x'.repeat(101)], '/tags/0'],
    ['tags', ['x'.repeat(100_000)], '/tags/0'],
    ['tags', [' \t '], '/tags/0'],
    ['tags', { 0: 'a', length: 1 }, '/tags'],
    ['tags', [null], '/tags/0'],
    ['description', 'x'.repeat(1_001), '/description'],
    ['description', ['x'], '/description'],
    ['change_reason', 'x'.repeat(501), '/change_reason'],
    ['tenant_id', '_shared', '/tenant_id'],
    ['tenant_id', '*', '/tenant_id'],
    ['tenant_id', 'Acme', '/tenant_id'],
    ['tenant_id', '', '/tenant_id'],
    ['tenant_id', { toString: 'x' }, '/tenant_id'],
    ['id', 'no-uuid', '/id'],
    ['id', '00000000-0000-0000-0000-000000000001', '/id'],
    ['key', 'a/b', '/key'],
    ['key', 'a\n', '/key'],
    ['key', ['k'], '/key'],
    ['namespace', null, '/namespace'],
    ['is_secret', 1, '/is_secret'],
    ['is_encrypted', null, '/is_encrypted'],
    ['expires_at', 1_700_000_000, '/expires_at'],
    ['expires_at', '2027-13-01T00:00:00Z', '/expires_at'],
    ['expires_at', '2027-02-30T00:00:00Z', '/expires_at'],
    ['expires_at', '2027-01-01T00:00:00+99:99', '/expires_at'],
    ['expires_at', '2027-01-01', '/expires_at'],
    ['version', 1, '/version'],
    ['created_by', 'me', '/created_by'],
    ['toString', 'x', '/toString'],
    ['', 'x', '/'],
    ['a/b~c', 'x', '/a~1b~0c'],
  ])('is refused with its place: %s %j', async (name, value, pointer) => {
    await hostile.writingNothing(async () => {
      expect(refusalIn(await at({ [name]: value }))).toEqual(invalid(pointer));
    });
  });

  it.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999-23:59', '0001-01-01T00:00:00+23:59'])(
    'is refused, or can be read again: expires_at %s',
    async (expires_at) => {
      const key = aKey();
      const made = await api.post(ENTRIES, { key, value: 1, expires_at });
      expect([201, 400]).toContain(made.status);
      const paths = [
        `key/${key}`,
        `key/${key}/raw`,
        '',
        `?sort=-created_at`,
        'export',
        ...(made.status === 201 ? [made.body.id] : []),
      ];
      for (const path of paths)
        expect([path, (await api.get(`${ENTRIES}/${path}`)).status < 500]).toEqual([path, true]);
    },
  );
});
