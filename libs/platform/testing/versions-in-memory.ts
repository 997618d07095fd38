import { VersionNotFound } from '#platform/change-log';
import { StaleVersion } from '#shared-kernel';
import type { AggregateRoot, Clock, Stamp, VersionedState } from '#shared-kernel';
import type { Restorable } from './in-memory-unit-of-work.js';

/** Who changes what is in memory. */
export const IN_MEMORY_ACTOR = 'tester';

/** What a save may be refused with. */
export interface Clashes<State> {
  /** The id is used already. */
  idUsed(): Error;
  /** Another state stands against this one; null when none does. */
  between(state: State, others: readonly State[]): Error | null;
}

/** States by id with their history, as the store of the database keeps them. */
export class VersionsInMemory<State extends VersionedState> implements Restorable {
  #states: ReadonlyMap<string, State> = new Map();
  #histories: ReadonlyMap<string, ReadonlyMap<number, State | null>> = new Map();

  constructor(
    private readonly clock: Clock,
    private readonly clashes: Clashes<State>,
  ) {}

  get all(): readonly State[] {
    return [...this.#states.values()];
  }

  get(id: string): State | undefined {
    return this.#states.get(id);
  }

  isUsed(id: string): boolean {
    return this.#histories.has(id);
  }

  /** @throws VersionNotFound */
  at(id: string, version: number): State {
    const state = this.#histories.get(id)?.get(version);
    if (!state) throw new VersionNotFound(version);
    return state;
  }

  /** @throws StaleVersion, and what clashes */
  save(aggregate: AggregateRoot<State>): void {
    const { change, snapshot: state } = aggregate;
    if (!change) return;
    this.#expectFree(state);
    aggregate.stored(state.version + 1, this.#stampOf(state));
    const stored = aggregate.snapshot;
    const states = new Map(this.#states);
    if (change.removes) states.delete(stored.id);
    else states.set(stored.id, stored);
    const past = this.#histories.get(stored.id) ?? new Map<number, State | null>();
    const history = new Map(past).set(stored.version, change.removes ? null : stored);
    this.#states = states;
    this.#histories = new Map(this.#histories).set(stored.id, history);
  }

  remember(): () => void {
    const [states, histories] = [this.#states, this.#histories];
    return () => {
      this.#states = states;
      this.#histories = histories;
    };
  }

  #expectFree(state: State): void {
    const stored = this.#states.get(state.id);
    if (state.version === 0 && stored) throw this.clashes.idUsed();
    if (state.version !== (stored?.version ?? 0)) throw new StaleVersion(stored?.version ?? 0);
    const clash = this.clashes.between(
      state,
      this.all.filter(({ id }) => id !== state.id),
    );
    if (clash) throw clash;
  }

  #stampOf({ stamp }: State): Stamp {
    const now = this.clock.now();
    const { createdAt, createdBy } = stamp ?? { createdAt: now, createdBy: IN_MEMORY_ACTOR };
    return { createdAt, createdBy, updatedAt: now, updatedBy: IN_MEMORY_ACTOR };
  }
}
