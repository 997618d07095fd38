import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LocalKeyring } from './local-keyring.js';

const FILE_NAME = 'encryption.keys';
const OWNER_ONLY = 0o600;

/**
 * The keyring of a development installation: a file beside the data, made at the first start. It holds what
 * `ENCRYPTION_KEYS` takes, so that it can be moved there. Any number of processes may start at once: the first file
 * that is there in whole is everybody's.
 * @throws SettingsInvalid when somebody edited it wrongly.
 */
export async function developmentKeyring(dataFolder: string): Promise<LocalKeyring> {
  const path = join(dataFolder, FILE_NAME);
  let text = await readIfThere(path);
  if (text === null) {
    await mkdir(dataFolder, { recursive: true });
    await createOnce(path, `${LocalKeyring.generate()}\n`);
    text = await readFile(path, 'utf8');
  }
  return LocalKeyring.parse(text, path);
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Writes aside and links into place: nobody sees half a file, and a file that is there is never replaced. */
async function createOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { flag: 'wx', mode: OWNER_ONLY, flush: true });
    await link(draft, path);
    await flushFolder(dirname(path));
  } catch (error) {
    const isMadeAlready = hasCode(error, 'EEXIST'); // By a process that started at the same moment.
    if (!isMadeAlready) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** A power cut must not take the key away from data that outlives it. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // Folders cannot be opened there.
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const hasCode = (error: unknown, code: string): boolean => (error as { code?: string } | null)?.code === code;
