import type { Caller } from '#platform/context';
import { OfrepFailure } from './ofrep-failure.js';
import { readQuestion } from './ofrep-question.js';

const anyone: Caller = { actor: 'key:any', tenant: null, permissions: new Set() };
const acme: Caller = { ...anyone, tenant: 'acme' };
const read = (body: string | Buffer, caller = anyone) => readQuestion(Buffer.from(body), caller);

/** The code of the refusal. */
function refused(body: string | Buffer): string {
  try {
    read(body);
  } catch (error) {
    if (error instanceof OfrepFailure) return error.code;
    throw error;
  }
  return 'none';
}

it.each(['', '{}', '{"context":{}}', '{"context":null}', '{"more":1}'])(
  'takes %s for an empty context',
  (body) => {
    expect(read(body)).toEqual({ context: {}, tenant: null, environment: null });
  },
);

it('takes tenant and environment from the context, and leaves them in it', () => {
  const context = { targetingKey: 'u1', tenant_id: 'acme', environment: 'production' };
  expect(read(JSON.stringify({ context }))).toEqual({ context, tenant: 'acme', environment: 'production' });
});

it('asks for the tenant of the credential where the context names none, or the same', () => {
  expect(read('{}', acme).tenant).toBe('acme');
  expect(read('{"context":{"tenant_id":null}}', acme).tenant).toBe('acme');
  expect(read('{"context":{"tenant_id":"acme"}}', acme).tenant).toBe('acme');
});

it('refuses another tenant to a credential that is bound to one', () => {
  expect(() => read('{"context":{"tenant_id":"globex"}}', acme)).toThrow('does not reach beyond its tenant');
});

it.each([
  ['{', 'PARSE_ERROR'],
  ['[]', 'PARSE_ERROR'],
  ['"text"', 'PARSE_ERROR'],
  ['null', 'PARSE_ERROR'],
  ['{"context":{"a":1,"a":2}}', 'PARSE_ERROR'],
  ['{"context":{"__proto__":{}}}', 'PARSE_ERROR'],
  ['{"context":{"id":12345678901234567890}}', 'PARSE_ERROR'],
  [`{"context":${'['.repeat(100)}${']'.repeat(100)}}`, 'PARSE_ERROR'],
  ['{"context":[]}', 'INVALID_CONTEXT'],
  ['{"context":"u1"}', 'INVALID_CONTEXT'],
  ['{"context":{"tenant_id":7}}', 'INVALID_CONTEXT'],
  ['{"context":{"tenant_id":"Not A Slug"}}', 'INVALID_CONTEXT'],
  ['{"context":{"environment":7}}', 'INVALID_CONTEXT'],
  ['{"context":{"environment":""}}', 'INVALID_CONTEXT'],
])('refuses %s as %s', (body, code) => {
  expect(refused(body)).toBe(code);
});

it('refuses bytes that are no UTF-8', () => {
  expect(refused(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toBe('PARSE_ERROR');
});
