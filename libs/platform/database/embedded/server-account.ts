import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresFailed } from './errors.js';

/** The unprivileged account that the server runs as, because PostgreSQL refuses to run as root. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];
const ROOT_HOME = '/var/lib/metastore';
const OTHERS_SEARCH = 0o001;
const GROUP_SEARCH = 0o010;
const OWNER_SEARCH = 0o100;

/** Null: the server runs as this user. @throws EmbeddedPostgresFailed */
export function serverAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const [, , uid, gid] = accounts.find((fields) => fields[0] === name) ?? [];
    if (uid && gid) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new EmbeddedPostgresFailed(
    'PostgreSQL refuses to run as root and there is neither a user postgres nor nobody: start as another user, or set DATABASE_URL.',
  );
}

/** True when the account may go down every folder to this path. */
export function canReach(path: string, account: ServerAccount | null): boolean {
  if (!account) return true; // It is this very user, who will find out.
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (!maySearch(folder, account)) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** The folder that was asked for, or one below /var/lib where the account of the server can go. */
export function reachableFolder(folder: string, account: ServerAccount | null): string {
  const wanted = resolve(folder);
  if (canReach(join(wanted, 'postgres', 'PG_VERSION'), account)) return wanted;
  return join(ROOT_HOME, createHash('sha256').update(wanted).digest('hex').slice(0, 12));
}

/** A folder that does not exist yet will be made for the purpose. */
function maySearch(folder: string, { uid, gid }: ServerAccount): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat) return true;
  if (stat.uid === uid) return (stat.mode & OWNER_SEARCH) !== 0;
  return (stat.mode & (stat.gid === gid ? GROUP_SEARCH : OTHERS_SEARCH)) !== 0;
}
