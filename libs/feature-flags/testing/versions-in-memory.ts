import { VersionNotFound } from '#platform/change-log';
import { StaleVersion } from '#shared-kernel';
import type { AggregateRoot, Clock, Stamp, VersionedState } from '#shared-kernel';
import { IdConflict } from '../domain/errors.js';
import type { Restorable } from './in-memory-unit-of-work.js';

/** Who changes what is in memory. */
export const IN_MEMORY_ACTOR = 'tester';

type Named = VersionedState & { readonly name: string };

/** States by id with their history, as the store of the database keeps them. */
export class VersionsInMemory<State extends Named> implements Restorable {
  #states: ReadonlyMap<string, State> = new Map();
  #histories: ReadonlyMap<string, ReadonlyMap<number, State | null>> = new Map();

  constructor(
    private readonly clock: Clock,
    private readonly taken: (state: State) => Error,
  ) {}

  get all(): readonly State[] {
    return [...this.#states.values()];
  }

  get(id: string): State | undefined {
    return this.#states.get(id);
  }

  named(tenant: string | null, name: string): State | undefined {
    return this.all.find((state) => state.tenant === tenant && state.name === name);
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

  /** @throws IdConflict, StaleVersion, and what a taken name throws */
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
    if (state.version === 0 && stored) throw new IdConflict();
    if (state.version !== (stored?.version ?? 0)) throw new StaleVersion(stored?.version ?? 0);
    const holder = this.named(state.tenant, state.name);
    if (holder && holder.id !== state.id) throw this.taken(state);
  }

  #stampOf({ stamp }: State): Stamp {
    const now = this.clock.now();
    const { createdAt, createdBy } = stamp ?? { createdAt: now, createdBy: IN_MEMORY_ACTOR };
    return { createdAt, createdBy, updatedAt: now, updatedBy: IN_MEMORY_ACTOR };
  }
}
