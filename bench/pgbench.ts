import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from './folder.js';
import type { RecordedStatement, RecordedWrite } from './recorded-write.js';
import type { Scope } from './scope.js';

/** How to run. */
export interface PgbenchOptions {
  readonly databaseUrl: string;
  readonly connections: number;
  readonly seconds: number;
  readonly tenants: number;
  /** Runs on one database need different ones; whole, from 1. */
  readonly run: number;
}

const DEBIAN = '/usr/lib/postgresql';
/** How many keys one run may use. */
const RUN_SIZE = 1e10;
/** More than connections, so that the numbers of two never meet and ids grow together, as those of the service do. */
const STRIDE = 1_024;
export const PGBENCH_KEY_PREFIX = 'pgbench.';
const APPLICATION_ROLE = 'metastore_app';
const run = promisify(execFile);

/** SQL that stands for what differs from entry to entry; `:n` and `:t` are numbers that the script sets. */
const OWN = {
  id: `('01900000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))`,
  tenant: `('bench-' || :t::text)`,
  key: `('${PGBENCH_KEY_PREFIX}' || :n::text)`,
};

/** From PATH, else the newest that Debian has; null where there is none. */
export function findPgbench(): string | null {
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one))
    : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((each) => join(DEBIAN, each, 'bin')),
  ];
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path)) ?? null;
}

/** What one run did. */
export interface PgbenchResult {
  readonly transactionsPerSecond: number;
  readonly count: number;
}

/** Prepared statements, pipelined as the service does it. */
export class Pgbench {
  private constructor(
    private readonly program: string,
    private readonly script: string,
    private readonly variables: readonly string[],
  ) {}

  static async of(scope: Scope, program: string, write: RecordedWrite): Promise<Pgbench> {
    const { text, variables } = scriptOf(write);
    const script = join(await makeFolder(scope), 'create.sql');
    await writeFile(script, text);
    return new Pgbench(program, script, variables);
  }

  /** @throws when a transaction failed */
  async measure(options: PgbenchOptions): Promise<PgbenchResult> {
    return runPgbench(this.program, options, [
      ...[`--file=${this.script}`, ...this.variables.map((each) => `--define=${each}`)],
      ...[`--define=tenants=${options.tenants}`, `--define=base=${options.run * RUN_SIZE}`, '--define=i=0'],
    ]);
  }
}

/** Runs scripts in prepared mode, as the role that the service has. @throws when a transaction failed */
export async function runPgbench(
  program: string,
  { databaseUrl, connections, seconds }: Pick<PgbenchOptions, 'databaseUrl' | 'connections' | 'seconds'>,
  scripts: readonly string[],
): Promise<PgbenchResult> {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  const { stdout } = await run(
    program,
    [
      ...['--no-vacuum', '--protocol=prepared', `--client=${connections}`, '--jobs=2', `--time=${seconds}`],
      ...[...scripts, url.href],
    ],
    { env: { ...process.env, PGPASSWORD: password, PGOPTIONS: `-c role=${APPLICATION_ROLE}` } },
  );
  const rate = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  const count = /actually processed: (\d+)/.exec(stdout)?.[1];
  if (rate === undefined || count === undefined || !/failed transactions: 0 /.test(stdout))
    throw new Error(`pgbench did not do all of its work:\n${stdout}`);
  return { transactionsPerSecond: Number(rate), count: Number(count) };
}

interface Script {
  readonly text: string;
  readonly variables: readonly string[];
}

/** What the service waits for is the end of a pipeline: the row it wrote, and then the commit. */
function scriptOf(write: RecordedWrite): Script {
  const variables: string[] = [];
  const bind = (text: string): string => `:v${variables.push(`v${variables.length}=${text}`) - 1}`;
  const sql = write.statements.map((statement) => `${withExpressions(statement, write, bind)};`);
  const waits = write.statements.findIndex(({ text }) => /\breturning\b/.test(text)) + 1;
  const text = [
    '\\set i :i + 1',
    `\\set n :base + :i * ${STRIDE} + :client_id`,
    '\\set t random(1, :tenants)',
    ...['\\startpipeline', ...sql.slice(0, waits), '\\endpipeline'],
    ...['\\startpipeline', ...sql.slice(waits), '\\endpipeline', ''],
  ].join('\n');
  return { text, variables };
}

function withExpressions(
  { text, values }: RecordedStatement,
  write: RecordedWrite,
  bind: (text: string) => string,
): string {
  const own = [
    { recorded: write.id, sql: OWN.id },
    { recorded: write.tenant, sql: OWN.tenant },
    { recorded: write.key, sql: OWN.key },
  ];
  return text.replace(/\s+/g, ' ').replace(/\$(\d+)/g, (_, number: string) => {
    const value = values[Number(number) - 1];
    if (value === null || value === undefined) return 'null';
    const plain = plainText(value);
    const whole = own.find(({ recorded }) => recorded === plain);
    if (whole) return whole.recorded === write.id ? `${whole.sql}::uuid` : whole.sql;
    return own
      .filter(({ recorded }) => plain.includes(recorded))
      .reduce((sql, { recorded, sql: instead }) => `replace(${sql}, '${recorded}', ${instead})`, bind(plain));
  });
}

/** As the driver writes it. */
function plainText(value: unknown): string {
  if (Array.isArray(value)) return `{${value.join(',')}}`;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
