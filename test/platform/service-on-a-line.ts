import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { readSettings } from '#platform/config';
import { createLogger } from '#platform/observability';
import { startService } from '../../apps/api/start.js';
import type { Service } from '../../apps/api/start.js';
import type { TestApi } from '../api.js';
import { Line } from './line.js';

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

/** The whole service on the database of another one, over a line that can be cut and mended. */
export class ServiceOnALine {
  private constructor(
    readonly line: Line,
    readonly service: Service,
    /** Everything that it logged until now. */
    readonly log: readonly string[],
  ) {}

  static async start(beside: TestApi): Promise<ServiceOnALine> {
    const real = new URL(beside.database.url);
    const line = new Line(real);
    const url = new URL(real);
    url.host = `127.0.0.1:${await line.start()}`;
    const settings = readSettings({
      APP_PORT: '0',
      DATABASE_URL: url.href,
      DATABASE_POOL_SIZE: '4',
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      LOG_LEVEL: 'info',
    });
    const log: string[] = [];
    const destination = new Writable({
      write(chunk: Buffer, _, done) {
        log.push(chunk.toString());
        done();
      },
    });
    const logger = createLogger({ level: 'info', pretty: false, destination });
    return new ServiceOnALine(line, await startService(settings, logger, () => undefined), log);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.line.stop();
  }

  async ask(
    method: string,
    path: string,
    { body, headers }: { body?: object | undefined; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.service.url}${path}`, {
      method,
      headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  }
}

/** It says that what it answers may be old. */
export const isStale = ({ headers }: Answer): boolean => headers.get('x-metastore-stale') === 'true';
