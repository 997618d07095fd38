import { Injectable, Logger } from '@nestjs/common';
import type { CommittedChange } from './change.js';

/** Whether this process committed it, or another one did. */
export type Origin = 'here' | 'elsewhere';

/** How far a stream has come: with one revision, or with several in a row. */
export interface StreamMove {
  readonly tenant: string;
  /** The last of them. */
  readonly revision: number;
  readonly aggregateTypes: ReadonlySet<string>;
}

/** Hears of changes after they are committed. Must not throw and must not wait: it is called before the caller is answered. */
export type ChangeListener = (changes: readonly CommittedChange[], origin: Origin) => void;

/** Hears, under the same conditions, that a stream has moved. */
export type MoveListener = (move: StreamMove, origin: Origin) => void;

/** The changes of a move that are of these types, in their order. */
type Read = (types: ReadonlySet<string>) => readonly CommittedChange[];

/**
 * Tells this process what it committed itself, at once, so that a caller who was answered reads what it wrote.
 * What other processes committed comes through the ChangeFeed, to the same listeners.
 *
 * One transaction may have tens of thousands of changes, and everything else in the process waits while they are told: so
 * nobody is told what is of no type that it asked for.
 */
@Injectable()
export class ChangeBus {
  readonly #listeners = new Set<(move: StreamMove, read: Read, origin: Origin) => void>();
  readonly #logger = new Logger(ChangeBus.name);

  /** For changes of these aggregate types alone. Gives back the way to stop listening. */
  listen(aggregateTypes: readonly string[], listener: ChangeListener): () => void {
    const types = new Set(aggregateTypes);
    return this.#add((move, read, origin) => {
      if (aggregateTypes.some((type) => move.aggregateTypes.has(type))) listener(read(types), origin);
    });
  }

  /** For whatever is written, without its changes. Gives back the way to stop listening. */
  listenToStreams(listener: MoveListener): () => void {
    return this.#add((move, _, origin) => listener(move, origin));
  }

  /** Changes of one stream in their order. */
  publish(changes: readonly CommittedChange[], origin: Origin): void {
    const last = changes.at(-1);
    if (!last) return;
    const { tenant, revision } = last;
    const aggregateTypes = new Set(changes.map(({ aggregateType }) => aggregateType));
    const read: Read = (types) => changes.filter(({ aggregateType }) => types.has(aggregateType));
    this.move({ tenant, revision, aggregateTypes }, read, origin);
  }

  /** The same, with changes that are made out only for those who want them. */
  move(move: StreamMove, read: Read, origin: Origin): void {
    for (const tell of this.#listeners) {
      try {
        tell(move, read, origin);
      } catch (error) {
        this.#logger.error('A listener failed; the others were told.', error);
      }
    }
  }

  #add(tell: (move: StreamMove, read: Read, origin: Origin) => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }
}
