import pg from 'pg';
import type { Reply } from '../api.js';

/** Looks into the database as its owner, past every policy. */
export class Written {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 2 });
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** Every table of ours, with its schema. */
  async tables(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and not c.relispartition
         and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  /** Every row of a table as text; bytes are in hex. */
  async rowsOf(table: string): Promise<string[]> {
    return (await this.#pool.query<{ row: string }>(`select t::text as row from ${table} t`)).rows.map(
      ({ row }) => row,
    );
  }

  /** Changes whenever anything is written: rows, and the revisions of all streams. */
  async mark(): Promise<object> {
    const { rows } = await this.#pool.query<object>(
      `select (select count(*)::int from metadata.entry) as entries,
              (select coalesce(sum(version), 0)::int from metadata.entry) as versions,
              (select count(*)::int from metadata.entry_tag) as tags,
              (select count(*)::int from platform.change_log) as changes,
              (select coalesce(sum(revision), 0)::int from platform.stream_head) as revisions,
              (select count(*)::int from platform.idempotency) as answers`,
    );
    return rows[0] ?? {};
  }

  async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#pool.query<Row>(text, values)).rows;
  }
}

/** What a refusal says, with all that every refusal must have checked. */
export function refusalIn(reply: Reply): { status: number; code: string; pointers: string[] } {
  const { status, body, headers } = reply;
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(body).toMatchObject({
    type: `urn:metastore:problem:${body.code}`,
    title: expect.any(String),
    status,
    code: expect.stringMatching(/^[a-z][a-z0-9_]*$/),
    request_id: headers.get('x-request-id'),
  });
  expect(headers.get('x-request-id')).toBeTruthy();
  expect([headers.get('etag'), headers.get('location')]).toEqual([
    status === 412 ? expect.any(String) : null,
    null,
  ]);
  const pointers = (body.errors ?? []).map((error: { pointer: string }) => error.pointer);
  return { status, code: body.code, pointers: [...new Set<string>(pointers)].sort() };
}

/** A refusal with status 400 for what was sent. */
export const invalid = (...pointers: string[]): object => ({ status: 400, code: 'invalid_input', pointers });
