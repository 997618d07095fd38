import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { sep } from 'node:path';
import { ANSWER_BYTES_MAX, SecretFailure } from './secret-source.js';

/** A file that was read, and what tells it from what it was before. */
export interface ReadFile {
  readonly text: string;
  /** Where it really lies. */
  readonly path: string;
  readonly inode: bigint;
  readonly modifiedNs: bigint;
}

const READ_AT_ONCE_BYTES = 65_536;
/** A pipe without a writer is opened, too, and then refused. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * A text file whose real place, all links followed, lies in one of the folders, themselves taken at their real places.
 * Kubernetes takes an old folder away when it puts a new one in its place: what is gone between two steps is looked for
 * once more.
 * @throws SecretFailure
 */
export async function readWithin(folders: readonly string[], path: string): Promise<ReadFile> {
  try {
    return await readOnce(folders, path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw explained(error);
  }
  return readOnce(folders, path).catch((error: unknown) => {
    throw explained(error);
  });
}

/** The real place of a folder that lies in one of the others, or is one of them. @throws SecretFailure */
export async function folderWithin(folders: readonly string[], path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if (await liesIn(folders, real)) return real;
  } catch (error) {
    throw explained(error);
  }
  throw outside();
}

async function readOnce(folders: readonly string[], path: string): Promise<ReadFile> {
  const real = await realpath(path);
  if (!(await liesIn(folders, real))) throw outside();
  const file = await open(real, FLAGS);
  try {
    const stat = await file.stat({ bigint: true });
    if (!stat.isFile()) throw new SecretFailure('malformed', 'This is no file.');
    const text = textOf(await wholeOf(file));
    return { text, path: real, inode: stat.ino, modifiedNs: stat.mtimeNs };
  } finally {
    await file.close();
  }
}

async function wholeOf(file: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(READ_AT_ONCE_BYTES) });
    if (bytesRead === 0) return Buffer.concat(chunks);
    size += bytesRead;
    if (size > ANSWER_BYTES_MAX) throw new SecretFailure('too_large', 'The file has more than 1 MiB.');
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

/** Of the folders, those that are there. */
async function liesIn(folders: readonly string[], real: string): Promise<boolean> {
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => null);
    if (root !== null && (real === root || real.startsWith(root + sep))) return true;
  }
  return false;
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SecretFailure('malformed', 'The file is no UTF-8 text.');
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

const outside = (): SecretFailure =>
  new SecretFailure('path_forbidden', 'The file lies outside of the folder that it is asked of.');

function explained(error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new SecretFailure('not_found', 'There is no such file.');
  if (code === 'EACCES' || code === 'EPERM')
    return new SecretFailure('forbidden', 'The service may not read this file.');
  if (code === 'ELOOP') return outside();
  if (typeof code === 'string') return new SecretFailure('unavailable', `The file cannot be read: ${code}.`);
  return error;
}
