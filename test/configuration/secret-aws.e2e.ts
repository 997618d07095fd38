import type { AwsAuth } from '../../libs/configuration/domain/secret-provider-settings.js';
import { AwsSource } from '../../libs/configuration/infrastructure/secrets/aws-source.js';
import {
  failureOf,
  inTime,
  SecretFailure,
  valueIn,
} from '../../libs/configuration/infrastructure/secrets/secret-source.js';
import type { FetchedSecret } from '../../libs/configuration/infrastructure/secrets/secret-source.js';
import { AwsServer } from './aws-server.js';
import { FAULTS, redirect, status } from './contract-server.js';

/** Long enough for whatever is answered at all. */
const PATIENCE_MS = 60_000;

let aws: AwsServer;
let source: AwsSource;

beforeEach(async () => {
  aws = await AwsServer.start();
  source = open();
});

afterEach(async () => {
  source.close();
  await aws.close();
});

function open(auth: AwsAuth = { method: 'static', accessKeyId: 'AKIAEXAMPLE' }): AwsSource {
  const settings = { kind: 'aws-secrets-manager', region: 'eu-central-1', endpoint: aws.url, auth } as const;
  return new AwsSource(settings, { secretAccessKey: 'very-secret' });
}

const read = (path: string, version: string | null = null, ms = PATIENCE_MS): Promise<FetchedSecret> =>
  source.fetch({ path, version, signal: AbortSignal.timeout(ms) });

async function failureIn(work: Promise<unknown>): Promise<SecretFailure> {
  const failure: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof SecretFailure)) throw new Error(`No failure of ours: ${String(failure)}`);
  return failure;
}

const causeOf = async (work: Promise<unknown>): Promise<string> => (await failureIn(work)).why;

describe('a secret of AWS', () => {
  it('is a text, or a field of one that is JSON', async () => {
    aws.write('app/token', { SecretString: 'plain' });
    aws.write('app/db', { SecretString: '{"password":"one","port":5432,"of":{"a":1}}' });
    expect(valueIn(await read('app/token'), null)).toBe('plain');
    const db = await read('app/db');
    expect(['password', 'port', 'of'].map((field) => valueIn(db, field))).toEqual(['one', '5432', '{"a":1}']);
    expect(() => valueIn(db, 'toString')).toThrow('The secret has no such field.');
    expect(aws.arrived[0]?.headers.authorization).toContain('Credential=AKIAEXAMPLE/');
  });

  it('is the newest one, or that of a version or of a stage', async () => {
    const first = aws.write('app/db', { SecretString: 'one' });
    const second = aws.write('app/db', { SecretString: 'two' });
    expect(await read('app/db')).toEqual({ text: 'two', fields: null, version: second });
    expect((await read('app/db', first)).text).toBe('one');
    expect((await read('app/db', 'AWSPREVIOUS')).text).toBe('one');
    expect((await read('app/db', 'AWSCURRENT')).text).toBe('two');
  });

  it('that is binary is none for a configuration', async () => {
    aws.write('app/key', { SecretBinary: 'AAEC' });
    expect(await causeOf(read('app/key'))).toBe('malformed');
  });
});

describe('a failure of AWS', () => {
  it.each([
    ['ResourceNotFoundException', 'not_found'],
    ['AccessDeniedException', 'forbidden'],
    ['DecryptionFailure', 'undecryptable'],
    ['InvalidParameterException', 'refused'],
    ['UnrecognizedClientException', 'login_failed'],
    ['InvalidSignatureException', 'login_failed'],
    ['ExpiredTokenException', 'login_failed'],
    ['ThrottlingException', 'throttled'],
    ['InternalServiceError', 'unavailable'],
    ['SomethingNew', 'refused'],
  ])('%s is told as %s, without what AWS said', async (type, cause) => {
    aws.errors.set('app/db', { type, message: 'marker' });
    const failure = await failureIn(read('app/db'));
    expect([failure.why, failure.message.includes('marker')]).toEqual([cause, false]);
  });

  it('tells a secret that is marked for deletion', async () => {
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    aws.errors.set('app/db', { type: 'InvalidRequestException', message });
    expect(await causeOf(read('app/db'))).toBe('deleted');
    aws.errors.set('app/db', { type: 'InvalidRequestException', message: 'Something else.' });
    expect(await causeOf(read('app/db'))).toBe('refused');
  });

  it.each([
    ['malformed', FAULTS.malformed],
    ['unreachable', FAULTS.reset],
    ['unreachable', FAULTS.brokenOff],
    ['too_large', FAULTS.huge],
    ['redirected', redirect('http://127.0.0.1:1/')],
    ['unavailable', status(502)],
  ] as const)('is told as %s', async (cause, fault) => {
    aws.break('/', fault);
    expect(await causeOf(read('app/db'))).toBe(cause);
  });

  it.each([
    ['never answers', FAULTS.silent],
    ['stops in the middle', FAULTS.stalled],
  ])('that %s ends in time', async (_, fault) => {
    aws.break('/', fault);
    const signal = AbortSignal.timeout(200);
    const work = inTime(source.fetch({ path: 'app/db', version: null, signal }), signal);
    expect(failureOf(await work.catch((error: unknown) => error), signal).why).toBe('timeout');
  });
});

describe('a trial', () => {
  const probe = (): Promise<string> => source.probe(AbortSignal.timeout(PATIENCE_MS));

  it('is passed by whoever is known, whether or not they may read anything', async () => {
    expect(await probe()).toContain('knows the service');
    aws.errors.set('*', { type: 'AccessDeniedException', message: 'No.' });
    expect(await probe()).toContain('knows the service');
    aws.errors.set('*', { type: 'UnrecognizedClientException', message: 'No.' });
    expect(await causeOf(probe())).toBe('login_failed');
  });
});

describe('the usual chain of credentials', () => {
  const given = { AWS_ACCESS_KEY_ID: 'AKIACHAIN', AWS_SECRET_ACCESS_KEY: 'x' };

  afterEach(() => {
    for (const name of Object.keys(given)) delete process.env[name];
  });

  it('is asked where the provider has none of its own', async () => {
    Object.assign(process.env, given);
    source = open({ method: 'default' });
    aws.write('app/db', { SecretString: 'one' });
    expect((await read('app/db')).text).toBe('one');
    expect(aws.arrived[0]?.headers.authorization).toContain('Credential=AKIACHAIN/');
  });
});
