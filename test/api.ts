import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { createApp } from '../apps/api/create-app.js';
import { ApiKeys } from '#platform/auth';
import type { Role } from '#platform/auth';
import { readSettings } from '#platform/config';
import { CallContext } from '#platform/context';
import { LocalKeyring } from '#platform/crypto';
import { DatabaseAddress } from '#platform/database';
import { createLogger } from '#platform/observability';
import { createTestDatabase } from './test-database.js';
import type { TestDatabase } from './test-database.js';

/** What came back. */
export interface Reply<Body = any> {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON body; null where there is none. */
  readonly body: Body;
  /** Empty for a stream of events, which is closed as soon as it begins. */
  readonly text: string;
}

/** What is sent. */
export interface Sent {
  /** An object is sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** An API key; absent is the anonymous administrator of development. */
  readonly key?: string;
}

/** How to start. */
export interface ApiOptions {
  /** Environment variables of this instance. */
  readonly env?: Readonly<Record<string, string>>;
  /** Another instance on the same database, as another replica. */
  readonly beside?: TestApi;
}

const MERGE_PATCH = 'application/merge-patch+json';

/** The real service on a real PostgreSQL, with a database of its own, listening on a free port. */
export class TestApi {
  private constructor(
    readonly url: string,
    readonly database: TestDatabase,
    private readonly app: Awaited<ReturnType<typeof createApp>>,
    private readonly keyring: LocalKeyring,
    private readonly lines: string[],
    private readonly ownsDatabase: boolean,
  ) {}

  static async start({ env = {}, beside }: ApiOptions = {}): Promise<TestApi> {
    const database = beside?.database ?? (await createTestDatabase());
    const keyring = beside?.keyring ?? LocalKeyring.parse(`test:${randomBytes(32).toString('base64')}`);
    const redis = process.env['TEST_REDIS_URL'];
    const settings = readSettings({
      ...(redis && { REDIS_URL: redis }),
      DATABASE_POOL_SIZE: '8',
      APP_PORT: '0',
      LOG_LEVEL: 'trace',
      SCHEMA_JOB_MS: '10000', // Nothing that is right is ended because the machine is busy.
      ...env,
    });
    const lines: string[] = [];
    const destination = new Writable({
      write(chunk: Buffer, _, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    const logger = createLogger({ level: settings.logLevel, pretty: false, destination });
    const address = new DatabaseAddress(database.url, false);
    const app = await createApp({ settings, address, keys: keyring }, logger);
    await app.listen(0, '127.0.0.1');
    return new TestApi(await app.getUrl(), database, app, keyring, lines, beside === undefined);
  }

  async stop(): Promise<void> {
    await this.app.close();
    if (this.ownsDatabase) await this.database.drop();
  }

  /** Everything that was logged until now. */
  get log(): readonly string[] {
    return this.lines;
  }

  /** Something of the running service, by its class. */
  part<T>(type: abstract new (...args: never[]) => T): T {
    return this.app.get(type as never, { strict: false });
  }

  /** The token of a new key. */
  async key(role: Role, tenant: string | null): Promise<string> {
    const create = () => this.part(ApiKeys).create({ name: `test ${role}`, role, tenant, expiresAt: null });
    return (await this.part(CallContext).runAsSystem('test', create)).token;
  }

  async request<Body = any>(
    method: string,
    path: string,
    { body, headers = {}, key }: Sent = {},
  ): Promise<Reply<Body>> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
      headers: {
        ...(body !== undefined && { 'Content-Type': method === 'PATCH' ? MERGE_PATCH : 'application/json' }),
        ...(key !== undefined && { Authorization: `Bearer ${key}` }),
        ...headers,
      },
    });
    const isEndless = response.headers.get('content-type') === 'text/event-stream';
    if (isEndless) await response.body?.cancel();
    const text = isEndless ? '' : await response.text();
    const isJson =
      /json/.test(response.headers.get('content-type') ?? '') &&
      !/ndjson/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : null,
    };
  }

  get<Body = any>(path: string, sent?: Sent): Promise<Reply<Body>> {
    return this.request('GET', path, sent);
  }

  post<Body = any>(path: string, body?: unknown, sent?: Sent): Promise<Reply<Body>> {
    return this.request('POST', path, { ...sent, body });
  }

  put<Body = any>(path: string, body?: unknown, sent?: Sent): Promise<Reply<Body>> {
    return this.request('PUT', path, { ...sent, body });
  }

  patch<Body = any>(path: string, body?: unknown, sent?: Sent): Promise<Reply<Body>> {
    return this.request('PATCH', path, { ...sent, body });
  }

  delete<Body = any>(path: string, sent?: Sent): Promise<Reply<Body>> {
    return this.request('DELETE', path, sent);
  }
}

/** Asks again until the answer is as wanted; fails with the last answer after a minute. */
export async function eventually<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  const until = performance.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > until)
      throw new Error(`Not within a minute; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * Does the work with ever more time ahead until it was done in that time: `isInTime` says so of what came of it. However slow
 * the machine is, nothing that a test is about has passed before it looks.
 */
export async function ahead<T>(
  milliseconds: number,
  work: (milliseconds: number) => Promise<T>,
  isInTime: (made: T) => boolean,
): Promise<T> {
  for (let lead = milliseconds; ; lead *= 2) {
    const made = await work(lead);
    if (isInTime(made)) return made;
  }
}
