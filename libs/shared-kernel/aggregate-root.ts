import { DomainError } from './domain-error.js';
import type { ErrorFacts } from './domain-error.js';

/** Who touched it, and when, by the database's clock in milliseconds. Written by the store alone. */
export interface Stamp {
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

/** What every stored state carries, whatever it is a state of. */
export interface VersionedState {
  readonly id: string;
  /** Whose it is; null belongs to all. Fixed for life. */
  readonly tenant: string | null;
  /** 0 until it is stored for the first time, then 1, 2, 3 … without a gap. */
  readonly version: number;
  /** Null until it is stored for the first time. */
  readonly stamp: Stamp | null;
}

/** One thing that happened to an aggregate since it was loaded. */
export interface RecordedChange {
  /** Past tense and snake_case, for example `created`. */
  readonly type: string;
  /** Why, in the words of whoever did it; at most 500 characters. */
  readonly reason: string | null;
  /** The version whose content was brought back, when this is a rollback. */
  readonly rolledBackFrom: number | null;
  /** True when the thing is gone after this change; its history stays. */
  readonly removes: boolean;
}

/**
 * The version that a change was decided on: one, or any of several. `any` is whichever there is, as long as there is
 * one; null says nothing about it.
 */
export type ExpectedVersion = number | readonly number[] | 'any' | null;

/** On what a write that makes or replaces depends: on nothing being there yet, on the version that is there, or on both. */
export interface UpsertOptions {
  readonly createOnly: boolean;
  readonly ifVersion: ExpectedVersion;
}

/** The caller decided on another version than the stored one; null where nothing is stored. */
export class StaleVersion extends DomainError {
  readonly kind = 'stale';
  readonly code = 'stale_version';
  override readonly facts: ErrorFacts;

  constructor(readonly currentVersion: number | null) {
    super(currentVersion === null ? 'It is not there.' : `It is at version ${currentVersion} now.`);
    this.facts = currentVersion === null ? {} : { current_version: currentVersion };
  }
}

/**
 * Guards the rules of one thing. Owns a single immutable state that is replaced whole, and notes what happened
 * where it happens; the store turns that note into one row of the change log.
 */
export abstract class AggregateRoot<State extends VersionedState> {
  #change: RecordedChange | null = null;

  protected constructor(protected state: State) {}

  get snapshot(): State {
    return this.state;
  }

  /** What happened since loading; null when nothing did, and then there is nothing to store. */
  get change(): RecordedChange | null {
    return this.#change;
  }

  /**
   * Refuses to go on when the caller looked at another version than this one.
   * @throws StaleVersion
   */
  expectVersion(expected: ExpectedVersion): void {
    if (expected === null || expected === 'any') return;
    if (![expected].flat().includes(this.state.version)) throw new StaleVersion(this.state.version);
  }

  /** Called by the store alone, once the change is written. */
  stored(version: number, stamp: Stamp): void {
    this.state = { ...this.state, version, stamp };
    this.#change = null;
  }

  /** One change a save: a later note replaces an earlier one, because the log holds one row per version. */
  protected record(type: string, because: Partial<Omit<RecordedChange, 'type'>> = {}): void {
    this.#change = { type, reason: null, rolledBackFrom: null, removes: false, ...because };
  }
}
