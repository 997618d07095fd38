import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** AES-256 keys, whether they encrypt data or wrap other keys. */
export const KEY_BYTES = 32;

const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Always given: without it Node takes a tag of 4 bytes for a whole one, and that can be guessed. */
const OPTIONS = { authTagLength: TAG_BYTES };

/** Encrypts under an IV of its own; gives IV, ciphertext and tag in one piece (NIST SP 800-38D). */
export function encrypt(key: KeyObject | Buffer, plaintext: Buffer, associatedData: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, OPTIONS).setAAD(Buffer.from(associatedData));
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Undoes `encrypt`; null when anything differs: the key, the associated data, or one bit of what is sealed. */
export function decrypt(key: KeyObject | Buffer, sealed: Buffer, associatedData: string): Buffer | null {
  if (sealed.length < IV_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), OPTIONS)
    .setAAD(Buffer.from(associatedData))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    plaintext.fill(0); // Decrypted, but nobody vouches for it.
    return null;
  }
  return plaintext;
}
