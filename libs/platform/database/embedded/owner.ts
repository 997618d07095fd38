import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which process a data folder belongs to. */
export interface Owner {
  readonly pid: number;
  /** When that process began, as the system counts it; null where it does not tell. Numbers of processes are used again. */
  readonly began: string | null;
}

const FILE = 'owner.json';
const BEGAN_FIELD = 19; // The 22nd of /proc/<pid>/stat, counted after the name in parentheses.

/** Notes that this process has the folder; called by whoever holds PostgreSQL's own lock, and so by one at a time. */
export async function noteOwner(folder: string): Promise<void> {
  const owner: Owner = { pid: process.pid, began: beginOf(process.pid) };
  await writeFile(join(folder, FILE), JSON.stringify(owner));
}

/** The process that has the folder, if it still runs. */
export function livingOwner(folder: string): Owner | null {
  try {
    const owner = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Owner;
    return isAlive(owner.pid) && beginOf(owner.pid) === owner.began ? owner : null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function beginOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[BEGAN_FIELD] ?? null;
  } catch {
    return null;
  }
}
