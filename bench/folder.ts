import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from './scope.js';

/** A folder that goes with the scope. */
export async function makeFolder(scope: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'metastore-bench-'));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755); // The embedded database runs as another user when this one is root.
  return folder;
}
