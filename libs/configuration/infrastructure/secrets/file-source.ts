import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileSettings } from '../../domain/secret-provider-settings.js';
import { folderWithin, readWithin } from './safe-file.js';
import type { ReadFile } from './safe-file.js';
import { SecretFailure } from './secret-source.js';
import type { FetchedSecret, SecretRequest, SecretSource } from './secret-source.js';

const VERSION_LENGTH = 16;

/** Files of a folder, read anew each time, so that a folder that Kubernetes swaps is noticed. */
export class FileSource implements SecretSource {
  constructor(
    private readonly settings: FileSettings,
    private readonly roots: readonly string[],
  ) {}

  async fetch({ path, version }: SecretRequest): Promise<FetchedSecret> {
    if (version !== null) throw new SecretFailure('not_found', 'Files have no versions to choose from.');
    const folder = await folderWithin(this.roots, this.settings.directory);
    const file = await readWithin([folder], join(this.settings.directory, path));
    return { text: file.text.replace(/\r?\n$/, ''), fields: null, version: versionOf(file) };
  }

  async probe(): Promise<string> {
    await folderWithin(this.roots, this.settings.directory);
    return 'The folder is there.';
  }
}

/** Of where the file lies and when it was written, never of what is in it. */
function versionOf({ path, inode, modifiedNs }: ReadFile): string {
  const hash = createHash('sha256').update(`${path}\n${inode}\n${modifiedNs}`);
  return hash.digest('hex').slice(0, VERSION_LENGTH);
}
