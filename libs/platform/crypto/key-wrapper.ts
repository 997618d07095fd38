/** A data key, encrypted under the key-encryption key of this name. */
export interface WrappedKey {
  /** `^[a-z0-9_-]{1,64}$` */
  readonly kekId: string;
  readonly bytes: Buffer;
}

/**
 * Wraps data keys under key-encryption keys, which it alone holds: a local keyring, or a service that never gives them
 * away. Whoever has a wrapped key and not the wrapper has nothing.
 */
export abstract class KeyWrapper {
  /** The key-encryption key that new data keys are wrapped under. */
  abstract readonly currentId: string;

  /** Wraps under the current key; the same data key never looks the same twice. */
  abstract wrap(dataKey: Buffer): Promise<WrappedKey>;

  /**
   * Gives the data key back, as a buffer that the caller may overwrite.
   * @throws UnknownEncryptionKey, CiphertextInvalid
   */
  abstract unwrap(wrapped: WrappedKey): Promise<Buffer>;
}

const KEK_ID = /^[a-z0-9_-]{1,64}$/;

/** True for what may name a key-encryption key. It has neither `.` nor `|`, which separate it from its neighbours. */
export const isKekId = (text: string): boolean => KEK_ID.test(text);
