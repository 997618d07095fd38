import { createSecretKey, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '#shared-kernel';
import { decrypt, encrypt, KEY_BYTES } from '#platform/crypto';
import type { ResolvedSecret } from '../../application/secret-resolver.js';

const SECRETS_MAX = 1_000;
const BYTES_MAX = 16_777_216;
const AGE_MS_MAX = 86_400_000;

type KnownSecret = Pick<ResolvedSecret, 'value' | 'version'>;

interface Kept {
  readonly sealed: Buffer;
  readonly version: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * The secrets that were fetched last by this process and whose references take an old one where there is no new one.
 * Encrypted with a key that is in this memory alone, at most a day old, 1,000 of them and 16 MiB.
 */
@Injectable()
export class LastKnownSecrets {
  readonly #key = createSecretKey(randomBytes(KEY_BYTES));
  readonly #kept = new LRUCache<string, Kept>({
    max: SECRETS_MAX,
    maxSize: BYTES_MAX,
    sizeCalculation: ({ sealed }, name) => sealed.length + name.length,
  });

  constructor(private readonly clock: Clock) {}

  keep(name: string, { value, version }: KnownSecret): void {
    const sealed = encrypt(this.#key, Buffer.from(value), name);
    this.#kept.set(name, { sealed, version, at: this.clock.now().getTime() });
  }

  /** Null where there is none, or one that is too old. */
  recall(name: string): KnownSecret | null {
    this.forgetOld();
    const kept = this.#kept.get(name);
    const value = kept && decrypt(this.#key, kept.sealed, name);
    return kept && value ? { value: value.toString(), version: kept.version } : null;
  }

  forgetOld(): void {
    const oldest = this.clock.now().getTime() - AGE_MS_MAX;
    for (const [name, { at }] of [...this.#kept.entries()]) if (at < oldest) this.#kept.delete(name);
  }
}
