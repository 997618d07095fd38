import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  openEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../libs/platform/database/embedded/embedded-postgres.js';
import type { EmbeddedPostgres } from '../../libs/platform/database/embedded/embedded-postgres.js';
import { DataFolderInUse, EmbeddedPostgresFailed } from '../../libs/platform/database/embedded/errors.js';
import { isAlive } from '../../libs/platform/database/embedded/owner.js';

const ROOT = join(import.meta.dirname, '../..');
const isRoot = process.getuid?.() === 0;

jest.setTimeout(60_000);

let folder: string;
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'metastore-embedded-'));
  await chmod(folder, 0o755);
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function start(dataDir = join(folder, 'data'), lines: string[] = []): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    durability: 'none',
    log: (line) => lines.push(line),
  });
  running.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** A process that starts the database of this folder and tells its URL or its failure; it then waits to be killed. */
async function startElsewhere(dataDir: string): Promise<{ child: ChildProcess; said: string }> {
  const script = `
    const { startEmbeddedPostgres } = require('${ROOT}/libs/platform/database/embedded/embedded-postgres.ts');
    startEmbeddedPostgres({ dataDir: process.argv[1], durability: 'none', log: () => undefined })
      .then(({ url }) => console.log(url), (error) => console.log(error.constructor.name + ': ' + error.message));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['-r', join(ROOT, 'test/jest/register.cjs'), '-e', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, said: chunk.toString().trim() };
}

async function serverPid(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('Not within 20 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('makes a cluster in UTF-8 whose order does not depend on the machine, with a password for every connection', async () => {
  const { url } = await start();
  const [facts] = await query(
    url,
    `select current_setting('server_encoding') as encoding, datlocprovider as provider, datlocale as locale, pg_has_role('pg_read_all_data', 'member') as owner
     from pg_database where datname = 'postgres'`,
  );
  expect(facts).toMatchObject({ encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' });
  const open = new URL(url);
  open.password = 'guess';
  await expect(query(open.href, 'select 1')).rejects.toThrow(/password authentication failed/);
});

it('has the extension that search needs', async () => {
  const { url } = await start();
  await query(url, 'create extension pg_trgm');
  expect(await query(url, `select similarity('abc', 'abc')::float as same`)).toEqual([{ same: 1 }]);
});

it('keeps the data over a stop, and leaves nothing running', async () => {
  const first = await start();
  await query(first.url, 'create table kept as select 7 as value');
  const pid = await serverPid(first.dataDir);
  await Promise.all([first.stop(), first.stop()]);
  expect(isAlive(pid)).toBe(false);
  const second = await start();
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 7 }]);
});

it('refuses a folder that a running process has, names it, and leaves it alone', async () => {
  const first = await start();
  const refusal = await start().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DataFolderInUse);
  expect((refusal as DataFolderInUse).pid).toBe(process.pid);
  expect((refusal as Error).message).toMatch(/in use by process \d+: stop that one first, or set DATA_DIR/);
  expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

it('is opened where another process runs it, and goes on when it is let go', async () => {
  const dataDir = join(folder, 'data');
  const { said } = await startElsewhere(dataDir);
  const pid = await serverPid(dataDir);
  const opened = await openEmbeddedPostgres({ dataDir, durability: 'none', log: () => undefined });
  expect(await query(opened.url, 'create table noted as select 7 as value')).toEqual([]);
  await opened.stop();
  expect(isAlive(pid)).toBe(true);
  expect(await query(said, 'select value from noted')).toEqual([{ value: 7 }]);
});

it('is started where nobody runs it, also after who did was killed, and stops when it is let go', async () => {
  const dataDir = join(folder, 'data');
  const { child, said } = await startElsewhere(dataDir);
  await query(said, 'create table kept as select 7 as value');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const opened = await openEmbeddedPostgres({ dataDir, durability: 'none', log: () => undefined });
  running.push(opened);
  expect(await query(opened.url, 'select value from kept')).toEqual([{ value: 7 }]);
  const pid = await serverPid(dataDir);
  await opened.stop();
  expect(isAlive(pid)).toBe(false);
});

it('lets one of two first starts win, and the other say so', async () => {
  const dataDir = join(folder, 'data');
  const said = (await Promise.all([startElsewhere(dataDir), startElsewhere(dataDir)]))
    .map((each) => each.said)
    .sort();
  expect(said[0]).toMatch(/^DataFolderInUse: /);
  expect(said[1]).toMatch(/^postgres:/);
  expect(await query(said[1] ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).filter((name) => name.includes('.new-'))).toEqual([]);
});

it('stops the database of a process that was killed, and starts again on the same data at once', async () => {
  const dataDir = join(folder, 'data');
  const { child, said } = await startElsewhere(dataDir);
  await query(said, 'create table kept as select 7 as value');
  const pid = await serverPid(dataDir);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const again = await start(dataDir); // At once: the old server may still be on its way out.
  expect(await query(again.url, 'select value from kept')).toEqual([{ value: 7 }]);
  expect(isAlive(pid)).toBe(false);
});

it('stops the database of a process that was killed although nobody starts it again', async () => {
  const dataDir = join(folder, 'data');
  const { child } = await startElsewhere(dataDir);
  const pid = await serverPid(dataDir);
  child.kill('SIGKILL');
  await until(() => !isAlive(pid));
});

it('comes up after the server itself was killed', async () => {
  const first = await start();
  await query(first.url, 'create table kept as select 7 as value');
  await query(first.url, 'checkpoint');
  process.kill(await serverPid(first.dataDir), 'SIGKILL');
  await first.stop();
  const second = await start();
  expect(await query(second.url, 'select value from kept')).toEqual([{ value: 7 }]);
});

it('does not touch data of another major version', async () => {
  const cluster = join(folder, 'data', 'postgres');
  await mkdir(cluster, { recursive: true });
  await writeFile(join(cluster, 'PG_VERSION'), '15\n');
  const refusal = await start().catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(EmbeddedPostgresFailed);
  expect((refusal as Error).message).toMatch(/was made by PostgreSQL 15 and this is 18: move the data/);
});

it('says what the server says when it does not start', async () => {
  const first = await start();
  await first.stop();
  await writeFile(join(first.dataDir, 'postgres', 'postgresql.auto.conf'), 'no_such_setting = 1\n');
  await expect(start()).rejects.toThrow(/does not start; see .*postgres\.log, which says: .*no_such_setting/);
});

const asRoot = async (): Promise<void> => {
  const closed = join(folder, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const lines: string[] = [];
  const { url, dataDir } = await start(join(closed, 'data'), lines);
  try {
    expect(lines).toEqual([
      expect.stringMatching(
        /^The user \w+ cannot reach .*closed\/data, so the data is kept in \/var\/lib\/metastore\//,
      ),
    ]);
    const pid = await serverPid(dataDir);
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    expect(status).not.toMatch(/^Uid:\s+0/m);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  } finally {
    await running.pop()?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
};

const asAnyoneElse = async (): Promise<void> => {
  await chmod(folder, 0o500);
  await expect(start()).rejects.toThrow(/cannot be made, because this user may not: set DATA_DIR/);
  await chmod(folder, 0o700);
};

if (isRoot) it('runs as an unprivileged user, in a folder that this user can reach', asRoot);
else it('says what to do when the folder cannot be written', asAnyoneElse);
