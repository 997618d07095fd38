import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresFailed } from './errors.js';
import type { ServerAccount } from './server-account.js';

/** The one log-in of the cluster; it owns everything in it. */
export const SUPERUSER = 'metastore';
const PASSWORD_FILE = 'metastore.password';
const PASSWORD_BYTES = 24;
const PRIVATE = 0o700;

const run = promisify(execFile);

/**
 * Makes the cluster when there is none. It is made aside and then renamed into place: whole or not at all, and of two
 * first starts at once only one's stays.
 * @throws EmbeddedPostgresFailed
 */
export async function ensureCluster(
  folder: string,
  binaries: Binaries,
  account: ServerAccount | null,
): Promise<void> {
  const versionFile = join(folder, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const version = (await readFile(versionFile, 'utf8')).trim();
    if (version === binaries.majorVersion) return;
    throw new EmbeddedPostgresFailed(
      `The data in ${folder} was made by PostgreSQL ${version} and this is ${binaries.majorVersion}: move the data with pg_dump of version ${version}, or set DATA_DIR to another folder.`,
    );
  }
  const draft = `${folder}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await makeCluster(draft, binaries, account);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (existsSync(versionFile)) return; // Another first start was faster.
    throw explained(error, folder);
  }
}

/** The password of the superuser. */
export function readPassword(folder: string): Promise<string> {
  return readFile(join(folder, PASSWORD_FILE), 'utf8');
}

async function makeCluster(draft: string, binaries: Binaries, account: ServerAccount | null): Promise<void> {
  await mkdir(draft, { mode: PRIVATE });
  const password = randomBytes(PASSWORD_BYTES).toString('base64url');
  const passwordFile = `${draft}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (account)
      await Promise.all([draft, passwordFile].map((path) => chown(path, account.uid, account.gid)));
    await run(
      join(binaries.folder, 'bin', 'initdb'),
      [
        ...[
          '-D',
          draft,
          '-U',
          SUPERUSER,
          `--pwfile=${passwordFile}`,
          '--auth=scram-sha-256',
          '--encoding=UTF8',
        ],
        ...['--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions'],
      ],
      {
        cwd: '/',
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
        ...(account && { uid: account.uid, gid: account.gid }),
      },
    );
    await rename(passwordFile, join(draft, PASSWORD_FILE));
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function explained(error: unknown, folder: string): Error {
  const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
  const said = (stderr ?? message).trim().split('\n').at(-1) ?? '';
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new EmbeddedPostgresFailed(
      `The folder ${folder} cannot be written: give it to this user, or set DATA_DIR to another folder.`,
    );
  }
  if (code === 'ENOSPC' || /No space left/.test(said)) {
    return new EmbeddedPostgresFailed('The disk is full: make room, or set DATA_DIR to another disk.');
  }
  if (/could not look up effective user ID/.test(stderr ?? '')) {
    return new EmbeddedPostgresFailed(
      'This user has no entry in /etc/passwd, and initdb needs one: add it, or set DATABASE_URL.',
    );
  }
  return new EmbeddedPostgresFailed(
    `The embedded database could not be made in ${folder}; initdb says: ${said}`,
  );
}
