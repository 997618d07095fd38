import { chown, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries, packageFolder } from './binaries.js';
import { ensureCluster, readPassword, SUPERUSER } from './cluster.js';
import { DataFolderInUse, EmbeddedPostgresFailed } from './errors.js';
import { livingOwner, noteOwner } from './owner.js';
import { reachableFolder, serverAccount } from './server-account.js';
import { ServerProcess } from './server-process.js';

/** How to start. */
export interface EmbeddedPostgresOptions {
  /** Made when it is not there. */
  readonly dataDir: string;
  /** `none` survives no crash of the machine: for tests. */
  readonly durability?: 'full' | 'none';
  readonly maxConnections?: number;
  /** Lines for people. */
  log(line: string): void;
}

/** A running embedded database. */
export interface EmbeddedPostgres {
  /** A connection URL with the password in it. */
  readonly url: string;
  /** The folder that is really used. */
  readonly dataDir: string;
  /** Clean and fast; stopping twice is stopping once. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const READY_MS_MAX = 60_000;
const ASK_EVERY_MS = 15;
/** As long as the server of a killed process may take to shut down. */
const LET_GO_MS_MAX = 15_000;
const LET_GO_EVERY_MS = 50;
const ATTEMPTS_MAX = 5;
const MAX_CONNECTIONS_DEFAULT = 100;
/** How the server begins to tell why it cannot go on. */
const CAUSE = /FATAL|PANIC|unrecognized|invalid|could not/;
const NO_DURABILITY = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
];

/**
 * Starts the PostgreSQL that comes with the dependencies. It runs as an unprivileged user, listens on the loopback address
 * with a generated password, and stops by itself when this process ends, however that happens.
 * @throws DataFolderInUse, EmbeddedPostgresFailed
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const root = packageFolder(); // First of all: what is not installed needs no folder.
  const account = serverAccount();
  const dataDir = reachableFolder(options.dataDir, account);
  if (dataDir !== resolve(options.dataDir)) {
    options.log(
      `The user ${account?.name ?? ''} cannot reach ${resolve(options.dataDir)}, so the data is kept in ${dataDir}.`,
    );
  }
  await makeFolder(dataDir);
  const binaries = await findBinaries(root, dataDir, account);
  const cluster = join(dataDir, 'postgres');
  await ensureCluster(cluster, binaries, account);
  if (account) await chown(cluster, account.uid, account.gid);
  const password = await readPassword(cluster);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const url = urlOf(password, port);
    const server = ServerProcess.start({
      command: [join(binaries.folder, 'bin', 'postgres'), '-D', cluster, ...settings(options, port)],
      account,
      logFile: join(dataDir, 'postgres.log'),
    });
    if (await answers(server, url)) {
      await noteOwner(dataDir);
      return { url, dataDir, stop: () => server.stop() };
    }
    const said = await server.logTail();
    await server.stop();
    if (/lock file .* already exists/.test(said)) await othersLetGo(dataDir, cluster);
    else if (!/could not create any TCP|could not bind/.test(said) || attempt === ATTEMPTS_MAX)
      throw failed(said, dataDir);
  }
}

/**
 * The database of a folder, for as long as some work takes: the one that runs there already, which goes on afterwards,
 * or else one that is started.
 * @throws DataFolderInUse, EmbeddedPostgresFailed
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = reachableFolder(options.dataDir, serverAccount());
  const running = await runningIn(dataDir);
  if (running) return running;
  try {
    return await startEmbeddedPostgres(options);
  } catch (error) {
    const started = error instanceof DataFolderInUse ? await runningIn(dataDir) : null; // At this moment.
    if (!started) throw error;
    return started;
  }
}

async function runningIn(dataDir: string): Promise<EmbeddedPostgres | null> {
  const cluster = join(dataDir, 'postgres');
  const lock = livingOwner(dataDir) && (await readLock(cluster));
  if (!lock) return null;
  const url = urlOf(await readPassword(cluster), lock.port);
  return { url, dataDir, stop: async () => undefined };
}

const urlOf = (password: string, port: number): string =>
  `postgres://${SUPERUSER}:${password}@${HOST}:${port}/postgres`;

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'the disk is full' : 'this user may not';
    throw new EmbeddedPostgresFailed(
      `The data folder ${folder} cannot be made, because ${reason}: set DATA_DIR to another folder.`,
    );
  }
}

function settings(
  { durability = 'full', maxConnections = MAX_CONNECTIONS_DEFAULT }: EmbeddedPostgresOptions,
  port: number,
): string[] {
  const all = [
    `listen_addresses=${HOST}`,
    `port=${port}`,
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    'shared_buffers=128MB',
    'max_wal_size=1GB',
    'jit=off', // Short statements: compiling costs more than it gives.
    'log_min_messages=warning',
    'log_timezone=UTC',
    'timezone=UTC',
    ...(durability === 'none' ? NO_DURABILITY : []),
  ];
  return all.flatMap((setting) => ['-c', setting]);
}

/** True as soon as somebody can log in, false when the server is gone. */
async function answers(server: ServerProcess, url: string): Promise<boolean> {
  const until = performance.now() + READY_MS_MAX;
  while (!server.hasExited && performance.now() < until) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await pause(ASK_EVERY_MS);
    }
  }
  return false;
}

/**
 * Somebody has the cluster. A process that runs keeps it; the server of one that was killed is on its way out.
 * @throws DataFolderInUse
 */
async function othersLetGo(dataDir: string, cluster: string): Promise<void> {
  const until = performance.now() + LET_GO_MS_MAX;
  for (;;) {
    const owner = livingOwner(dataDir);
    if (owner) throw new DataFolderInUse(dataDir, owner.pid);
    const lock = await readLock(cluster);
    if (lock === null) return;
    if (performance.now() > until) throw new DataFolderInUse(dataDir, lock.pid);
    await pause(LET_GO_EVERY_MS);
  }
}

/** What PostgreSQL notes of the server that has the cluster: its process first, its port in the fourth line. */
function readLock(cluster: string): Promise<{ pid: number; port: number } | null> {
  return readFile(join(cluster, 'postmaster.pid'), 'utf8').then(
    (text) => {
      const [pid, , , port] = text.split('\n');
      return { pid: Number(pid), port: Number(port) };
    },
    () => null,
  );
}

function failed(said: string, dataDir: string): EmbeddedPostgresFailed {
  const lines = said.trim().split('\n');
  const causes = lines.filter((each) => CAUSE.test(each) && !/is starting up/.test(each)); // The first leads to the others.
  const line = causes[0] ?? lines.at(-1) ?? '';
  if (/No space left/.test(said))
    return new EmbeddedPostgresFailed('The disk is full: make room, or set DATA_DIR to another disk.');
  return new EmbeddedPostgresFailed(
    `The embedded database does not start; see ${join(dataDir, 'postgres.log')}, which says: ${line.trim()}`,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolvePort(port));
    });
  });
}
