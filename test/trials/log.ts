import pg from 'pg';
import type { TestDatabase } from '../test-database.js';
import type { LogLine } from './question.js';

const LOG = `select tenant as stream, revision::int, sub, aggregate_type as kind, aggregate_id as id, aggregate_version as version,
  type, subject from platform.change_log order by tenant, revision, sub`;

/** Everything that was committed, stream by stream, as the owner of the database sees it. */
export async function readLog({ url }: TestDatabase): Promise<LogLine[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<LogLine>(LOG)).rows;
  } finally {
    await client.end();
  }
}
