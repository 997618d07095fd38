import { DomainError, InvalidInput } from '#shared-kernel';
import { readTenant } from '#platform/context';
import { failureOf, OfrepFailure } from './ofrep-failure.js';

class TooMany extends DomainError {
  readonly kind = 'limit';
  readonly code = 'too_many';
}

class Away extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'away';
}

const JSON_TYPE = ['content-type', 'application/json; charset=utf-8'];

/** What the platform's server says of a body. */
const framework = (code: string): Error => Object.assign(new Error('of the framework'), { code });

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

it.each([
  ['FLAG_NOT_FOUND', 404],
  ['PARSE_ERROR', 400],
  ['TARGETING_KEY_MISSING', 400],
  ['INVALID_CONTEXT', 400],
  ['GENERAL', 500],
] as const)('says %s with %d', (code, status) => {
  const body = JSON.stringify({ key: 'a', errorCode: code, errorDetails: 'Why.' });
  expect(failureOf(new OfrepFailure(code, 'Why.'), 'a')).toEqual({ status, headers: JSON_TYPE, body });
});

it('names no key where all flags were asked for', () => {
  const { body } = failureOf(new OfrepFailure('PARSE_ERROR', 'Why.'), null);
  expect(JSON.parse(body)).toEqual({ errorCode: 'PARSE_ERROR', errorDetails: 'Why.' });
});

it.each([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'INVALID_CONTEXT'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'PARSE_ERROR'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'GENERAL'],
])('says 400 for %s', (code, errorCode) => {
  const { status, body } = failureOf(framework(code), 'a');
  expect([status, JSON.parse(body).errorCode]).toEqual([400, errorCode]);
});

it('says 400 for input that the platform refuses', () => {
  const { status, body } = failureOf(InvalidInput.at('/q', 'malformed', 'It is malformed.'), 'a');
  const told = { key: 'a', errorCode: 'GENERAL', errorDetails: '/q: It is malformed.' };
  expect([status, JSON.parse(body)]).toEqual([400, told]);
});

it('keeps 403 and what the platform calls it', () => {
  const bound = { actor: 'key:a', tenant: 'acme', permissions: new Set<string>() };
  const { status, body } = failureOf(
    thrownBy(() => readTenant(bound, 'globex')),
    null,
  );
  expect([status, JSON.parse(body)]).toEqual([
    403,
    {
      errorCode: 'GENERAL',
      errorDetails: 'The credential does not reach beyond its tenant.',
      code: 'tenant_forbidden',
    },
  ]);
});

it('keeps 429 and says when to come back', () => {
  const { status, headers } = failureOf(new TooMany('Slower.'), 'a');
  expect([status, headers]).toEqual([429, [...JSON_TYPE, 'Retry-After', '1']]);
});

it('says 500 and when to come back while a part is away', () => {
  const { status, headers } = failureOf(new Away('Gone.'), 'a');
  expect([status, headers]).toEqual([500, [...JSON_TYPE, 'Retry-After', '1']]);
});

it('tells nothing of a bug', () => {
  const { status, body } = failureOf(new Error('select * from secrets'), 'a');
  expect([status, JSON.parse(body).errorCode, body.includes('secrets')]).toEqual([500, 'GENERAL', false]);
});
