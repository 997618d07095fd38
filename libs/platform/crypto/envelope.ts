import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, KEY_BYTES } from './aes-gcm.js';
import { CiphertextInvalid } from './errors.js';
import type { KeyWrapper } from './key-wrapper.js';
import { associatedData } from './sealed-place.js';
import type { SealedPlace } from './sealed-place.js';
import { bytesOf, formatSealed, parseSealed } from './sealed-text.js';

/**
 * Envelope encryption: each value under a random data key of its own, the data key wrapped under a key-encryption key.
 *
 * The associated data of the value names the key-encryption key of sealing time, and re-wrapping leaves the value as it
 * is. So a sealed text names two: the one that the data key is wrapped under now, vouched for by the wrapping, and the
 * one of sealing time, vouched for by the value. Until the first rotation they are the same.
 */
export class Envelope {
  constructor(private readonly keys: KeyWrapper) {}

  /** Seals the value for one place; text is sealed as UTF-8. Gives ASCII text, a third longer than the value. */
  async seal(plaintext: Buffer | string, place: SealedPlace): Promise<string> {
    const dataKey = randomBytes(KEY_BYTES);
    try {
      const wrapped = await this.keys.wrap(dataKey);
      const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
      const data = encrypt(dataKey, bytes, associatedData(place, wrapped.kekId));
      return formatSealed({ wrapped, sealedUnder: wrapped.kekId, data: data.toString('base64url') });
    } finally {
      dataKey.fill(0);
    }
  }

  /** @throws UnknownEncryptionKey, CiphertextInvalid when it was sealed for another place or is not what was sealed. */
  async open(sealed: string, place: SealedPlace): Promise<Buffer> {
    const { wrapped, sealedUnder, data } = parseSealed(sealed);
    const dataKey = await this.keys.unwrap(wrapped);
    try {
      const plaintext = decrypt(dataKey, bytesOf(data), associatedData(place, sealedUnder));
      if (plaintext) return plaintext;
      throw new CiphertextInvalid(`The sealed value of entry ${place.entry}, version ${place.version},`);
    } finally {
      dataKey.fill(0);
    }
  }

  /**
   * Wraps the data key under the current key-encryption key; the value stays encrypted as it is, and what is current
   * already comes back unchanged.
   * @throws UnknownEncryptionKey, CiphertextInvalid
   */
  async rewrap(sealed: string): Promise<string> {
    const { wrapped, ...rest } = parseSealed(sealed);
    if (wrapped.kekId === this.keys.currentId) return sealed;
    const dataKey = await this.keys.unwrap(wrapped);
    try {
      return formatSealed({ ...rest, wrapped: await this.keys.wrap(dataKey) });
    } finally {
      dataKey.fill(0);
    }
  }

  /**
   * The key-encryption key that is needed to open it.
   * @throws CiphertextInvalid
   */
  kekIdOf(sealed: string): string {
    return parseSealed(sealed).wrapped.kekId;
  }
}
