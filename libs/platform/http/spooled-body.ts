import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DomainError } from '#shared-kernel';

const BODY_BYTES_MAX = 268_435_456;
const READ_AT_ONCE_BYTES = 65_536;
const CIPHER = 'aes-256-ctr';
const OWNER_ONLY = 0o600;

/** More than a route takes. */
export class BodyTooLarge extends DomainError {
  readonly kind = 'too-large';
  readonly code = 'body_too_large';
  constructor(what: string, bytesMax: number) {
    super(`${what} has at most ${bytesMax} bytes.`);
  }
}

/** The disk of the service does not take a body: it is full, or its folder for temporary files cannot be written. */
export class SpoolUnavailable extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'spool_unavailable';
  constructor() {
    super('The service has no room on its disk for the body now. Nothing was stored.');
  }
}

/**
 * A body that has come in whole and lies on disk, to be read as often as it takes. Its file has no name any more, so that
 * it is gone with the process, however that ends; and it is encrypted with a key that is only in memory, because a body
 * may hold secrets.
 */
export class SpooledBody implements AsyncIterable<Buffer> {
  private constructor(
    private readonly file: FileHandle,
    private readonly secret: { readonly key: Buffer; readonly iv: Buffer },
    private readonly size: number,
    /** SHA-256 of the whole body. */
    readonly hash: Buffer,
  ) {}

  /**
   * Waits for the whole body, however slowly it comes; holds no more than a chunk of it in memory.
   * @throws BodyTooLarge, SpoolUnavailable
   */
  static async take(source: Readable, openFile = openNameless): Promise<SpooledBody> {
    const file = await onDisk(openFile());
    const secret = { key: randomBytes(32), iv: randomBytes(16) };
    const cipher = createCipheriv(CIPHER, secret.key, secret.iv);
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const chunk of chunksOf(source)) {
        size += chunk.length;
        if (size > BODY_BYTES_MAX) throw new BodyTooLarge('The body', BODY_BYTES_MAX);
        hash.update(chunk);
        await onDisk(file.writeFile(cipher.update(chunk)));
      }
      return new SpooledBody(file, secret, size, hash.digest());
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** From its beginning, each time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    const decipher = createDecipheriv(CIPHER, this.secret.key, this.secret.iv);
    for (let position = 0; position < this.size;) {
      const buffer = Buffer.allocUnsafe(READ_AT_ONCE_BYTES);
      const { bytesRead } = await this.file.read(buffer, 0, READ_AT_ONCE_BYTES, position);
      if (bytesRead === 0) throw new Error('The file of a body ends before the body does.');
      position += bytesRead;
      yield decipher.update(buffer.subarray(0, bytesRead));
    }
  }

  /** Nobody may read it any more, and its room on the disk is free. */
  close(): Promise<void> {
    return this.file.close();
  }
}

/** A file that only whoever has it open can reach. */
export async function openNameless(folder = tmpdir()): Promise<FileHandle> {
  const path = join(folder, `metastore-body-${randomUUID()}`);
  const file = await open(path, 'wx+', OWNER_ONLY);
  await unlink(path);
  return file;
}

/** The source stays open when its reader gives up: what is answered goes over the same connection. */
async function* chunksOf(source: Readable): AsyncGenerator<Buffer> {
  try {
    yield* source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw Object.assign(new Error('The body broke off.', { cause }), { statusCode: 400 });
  }
}

async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw Object.assign(new SpoolUnavailable(), { cause });
  }
}
