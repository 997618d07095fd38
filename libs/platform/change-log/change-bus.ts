import { Injectable, Logger } from '@nestjs/common';
import type { CommittedChange } from './change.js';

/** Whether this process committed it, or another one did. */
export type Origin = 'here' | 'elsewhere';

/** Hears of changes after they are committed. Must not throw and must not wait: it is called before the caller is answered. */
export type ChangeListener = (changes: readonly CommittedChange[], origin: Origin) => void;

/**
 * Tells this process what it committed itself, at once, so that a caller who was answered reads what it wrote.
 * What other processes committed comes through the ChangeFeed, to the same listeners.
 */
@Injectable()
export class ChangeBus {
  readonly #listeners = new Set<ChangeListener>();
  readonly #logger = new Logger(ChangeBus.name);

  /** Gives back the way to stop listening. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(changes: readonly CommittedChange[], origin: Origin): void {
    if (changes.length === 0) return;
    for (const listener of this.#listeners) {
      try {
        listener(changes, origin);
      } catch (error) {
        this.#logger.error('A listener failed; the others were told.', error);
      }
    }
  }
}
