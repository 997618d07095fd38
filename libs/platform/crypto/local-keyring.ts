import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SettingsInvalid } from '#platform/config';
import { decrypt, encrypt, KEY_BYTES } from './aes-gcm.js';
import { CiphertextInvalid, UnknownEncryptionKey } from './errors.js';
import { isKekId, KeyWrapper } from './key-wrapper.js';
import type { WrappedKey } from './key-wrapper.js';

const GENERATED_ID_BYTES = 4;

/**
 * Key-encryption keys held by this process: the first wraps, all of them unwrap. Rotation puts a new key in front; the
 * old one stays until nothing is wrapped under it any more.
 *
 * IVs are random, so that one key may wrap 2^32 data keys (NIST SP 800-38D, 8.3): four billion writes, then rotate.
 */
export class LocalKeyring extends KeyWrapper {
  override readonly currentId: string;
  readonly #keys: ReadonlyMap<string, KeyObject>;

  private constructor(currentId: string, keys: ReadonlyMap<string, KeyObject>) {
    super();
    this.currentId = currentId;
    this.#keys = keys;
  }

  /**
   * Reads `<id>:<base64 of 32 bytes>,…`. A refusal names the setting and counts the entries, but repeats none: what
   * stands in the place of an id may be a key.
   * @throws SettingsInvalid
   */
  static parse(text: string, setting = 'ENCRYPTION_KEYS'): LocalKeyring {
    const keys = new Map<string, KeyObject>();
    const entries = text.split(',').map((entry) => entry.trim());
    for (const [index, entry] of entries.entries()) {
      const mistake = (what: string): Error => new SettingsInvalid(`${setting}: entry ${index + 1} ${what}`);
      const [id = '', base64, ...rest] = entry.split(':');
      if (base64 === undefined || rest.length > 0) throw mistake('must be <id>:<base64 of 32 bytes>.');
      if (!isKekId(id)) throw mistake('must have an id of a-z, 0-9, _ and -, 1 to 64 characters.');
      if (keys.has(id)) throw mistake('has the id of an earlier one.');
      const bytes = Buffer.from(base64, 'base64');
      if (bytes.toString('base64') !== base64) throw mistake('must have a key in padded base64.');
      if (bytes.length !== KEY_BYTES) throw mistake(`must have a key of ${KEY_BYTES} bytes.`);
      const key = createSecretKey(bytes);
      const isTaken = [...keys.values()].some((other) => other.equals(key));
      if (isTaken) throw mistake('has the key of an earlier one.');
      keys.set(id, key);
    }
    const [currentId = ''] = keys.keys();
    return new LocalKeyring(currentId, keys);
  }

  /** A new key under a new id, as the setting takes it. This is the only copy. */
  static generate(): string {
    return `k${randomBytes(GENERATED_ID_BYTES).toString('hex')}:${randomBytes(KEY_BYTES).toString('base64')}`;
  }

  override async wrap(dataKey: Buffer): Promise<WrappedKey> {
    const kekId = this.currentId;
    return { kekId, bytes: encrypt(this.#key(kekId), dataKey, associatedData(kekId)) };
  }

  override async unwrap({ kekId, bytes }: WrappedKey): Promise<Buffer> {
    const dataKey = decrypt(this.#key(kekId), bytes, associatedData(kekId));
    if (!dataKey) throw new CiphertextInvalid(`A data key wrapped under "${kekId}"`);
    return dataKey;
  }

  #key(kekId: string): KeyObject {
    const key = this.#keys.get(kekId);
    if (!key) throw new UnknownEncryptionKey(kekId);
    return key;
  }
}

/** Binds a wrapped key to the name of the key that it is wrapped under. */
const associatedData = (kekId: string): string => `v1|data-key|${kekId}`;
