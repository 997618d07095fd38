import { CiphertextInvalid } from './errors.js';
import { isKekId } from './key-wrapper.js';
import type { WrappedKey } from './key-wrapper.js';

/** The parts of a sealed value as it is stored. */
export interface SealedText {
  readonly wrapped: WrappedKey;
  /** The key-encryption key of sealing time. The associated data names it, so it stays when the data key moves on. */
  readonly sealedUnder: string;
  /** IV, ciphertext and tag, in base64url. */
  readonly data: string;
}

const PART_COUNT = 5;

/**
 * `v1.<kek>.<wrapped data key>.<kek of sealing time>.<IV, ciphertext, tag>`, bytes in base64url. The kek comes first, so
 * that a database finds what a rotation has still to do by prefix.
 */
export function formatSealed({ wrapped, sealedUnder, data }: SealedText): string {
  return `v1.${wrapped.kekId}.${wrapped.bytes.toString('base64url')}.${sealedUnder}.${data}`;
}

/** @throws CiphertextInvalid */
export function parseSealed(text: string): SealedText {
  const parts = text.split('.', PART_COUNT + 1);
  const [format, kekId = '', wrappedKey = '', sealedUnder = '', data = ''] = parts;
  if (parts.length !== PART_COUNT || format !== 'v1' || !isKekId(kekId) || !isKekId(sealedUnder)) {
    throw new CiphertextInvalid('A sealed text');
  }
  return { wrapped: { kekId, bytes: bytesOf(wrappedKey) }, sealedUnder, data };
}

/**
 * Decodes base64url in its one canonical form; Node's decoder alone overlooks foreign characters and spare bits.
 * @throws CiphertextInvalid
 */
export function bytesOf(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  if (bytes.toString('base64url') !== base64url) throw new CiphertextInvalid('A sealed text');
  return bytes;
}
