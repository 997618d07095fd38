import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { createApp } from '../apps/api/create-app.js';
import { readSettings } from '#platform/config';
import { LocalKeyring } from '#platform/crypto';
import { DatabaseAddress } from '#platform/database';
import { createLogger } from '#platform/observability';

/** One statement as the driver was given it. */
export interface RecordedStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What a create sends to the database, from `begin` to `commit`, and the texts in it that are of that one entry. */
export interface RecordedWrite {
  readonly statements: readonly RecordedStatement[];
  readonly id: string;
  readonly tenant: string;
  readonly key: string;
}

interface Sent extends RecordedStatement {
  readonly client: unknown;
}

const ENTRY_WRITTEN = /insert into metadata\.entry\b/;

/** Creates one entry with the service in this process and writes down every statement, so that none is copied by hand. */
export async function recordWrite(databaseUrl: string, value: unknown): Promise<RecordedWrite> {
  const settings = readSettings({ APP_PORT: '0', LOG_LEVEL: 'silent' });
  const keys = LocalKeyring.parse(`bench:${randomBytes(32).toString('base64')}`);
  const logger = createLogger({ level: settings.logLevel, pretty: false });
  const app = await createApp({ settings, address: new DatabaseAddress(databaseUrl, false), keys }, logger);
  try {
    const [tenant, key] = [randomUUID(), `k${randomUUID()}`]; // Neither is part of the other.
    const entry = { id: randomUUID(), tenant_id: tenant, key, value };
    const { sent, result } = await recording(() =>
      app.inject({ method: 'POST', url: '/api/v1/metadata', payload: entry }),
    );
    if (result.statusCode !== 201)
      throw new Error(`The create was answered ${result.statusCode}: ${result.body}`);
    return { statements: transactionAround(sent), id: entry.id, tenant, key };
  } finally {
    await app.close();
  }
}

async function recording<T>(work: () => Promise<T>): Promise<{ sent: Sent[]; result: T }> {
  const sent: Sent[] = [];
  const original = Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query');
  if (!original) throw new Error('The driver has no method query.');
  const query = original.value as (...parameters: unknown[]) => unknown;
  Object.defineProperty(pg.Client.prototype, 'query', {
    ...original,
    value: function (this: unknown, ...parameters: unknown[]) {
      const [statement, values] = parameters;
      if (typeof statement === 'string')
        sent.push({ client: this, text: statement, values: Array.isArray(values) ? values : [] });
      else sent.push({ client: this, values: [], ...(statement as { text: string }) });
      return query.apply(this, parameters);
    },
  });
  try {
    return { result: await work(), sent };
  } finally {
    Object.defineProperty(pg.Client.prototype, 'query', original);
  }
}

/** Other connections work beside it, and this one before and after it. */
function transactionAround(sent: readonly Sent[]): RecordedStatement[] {
  const written = sent.find(({ text }) => ENTRY_WRITTEN.test(text));
  const own = sent.filter(({ client }) => client === written?.client);
  const at = own.findIndex(({ text }) => ENTRY_WRITTEN.test(text));
  const begin = own.findLastIndex(({ text }, index) => index < at && text === 'begin');
  const commit = own.findIndex(({ text }, index) => index > at && text === 'commit');
  if (begin < 0 || commit < 0) throw new Error('The create was not one transaction with begin and commit.');
  return own.slice(begin, commit + 1).map(({ text, values }) => ({ text, values }));
}
