interface Waiter<State> {
  isNews(state: State): boolean;
  /** By the monotonic clock, in milliseconds. */
  readonly until: number;
  answer(state: State | null): void;
  refuse(error: unknown): void;
}

/** One who waits. */
export interface Waiting<State> {
  /** The state that was news to this one; null when the time is over, or waiting is. */
  readonly state: Promise<State | null>;
  /** Ends it without news, for example because the client left. */
  readonly leave: () => void;
}

const MILLISECONDS = 1_000;

/**
 * Where readers wait until a state is another than the one that they know. However many there are, they cost memory and
 * one timer: those who wait equally long stand in the order in which their time is over.
 */
export class WaitingRoom<State> {
  readonly #queues = new Map<number, Set<Waiter<State>>>();
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Infinity;
  #lookAt = Infinity;

  /** `look` is called when it is time to look at the state by itself. */
  constructor(private readonly look: () => void) {}

  get size(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.size, 0);
  }

  /** `isNews` says of a state whether it is what this one waits for. */
  enter(seconds: number, isNews: (state: State) => boolean): Waiting<State> {
    const queue = this.#queues.get(seconds) ?? new Set();
    this.#queues.set(seconds, queue);
    let leave = (): void => undefined;
    const state = new Promise<State | null>((answer, refuse) => {
      const waiter = { isNews, answer, refuse, until: performance.now() + seconds * MILLISECONDS };
      queue.add(waiter);
      leave = () => this.#release(queue, waiter, null);
    });
    this.#wind();
    return { state, leave: () => leave() };
  }

  /** This is the state now; it is looked at again in so many milliseconds, or only when told to (null). */
  tell(state: State, lookInMs: number | null): void {
    this.lookIn(lookInMs);
    for (const queue of this.#queues.values())
      for (const waiter of queue) if (waiter.isNews(state)) this.#release(queue, waiter, state);
  }

  lookIn(milliseconds: number | null): void {
    this.#lookAt = milliseconds === null ? Infinity : performance.now() + milliseconds;
    this.#wind();
  }

  /** There is nothing to wait for. */
  refuse(error: unknown): void {
    for (const waiter of this.#empty()) waiter.refuse(error);
  }

  /** Nobody waits any longer. */
  end(): void {
    for (const waiter of this.#empty()) waiter.answer(null);
  }

  #release(queue: Set<Waiter<State>>, waiter: Waiter<State>, state: State | null): void {
    queue.delete(waiter);
    waiter.answer(state);
    if (this.size === 0) this.#stop();
  }

  #empty(): Waiter<State>[] {
    const waiters = [...this.#queues.values()].flatMap((queue) => [...queue]);
    this.#queues.clear();
    this.#stop();
    return waiters;
  }

  /** Sets the timer to what comes first; one that would ring too early is left to ring. */
  #wind(): void {
    const at = Math.min(this.#lookAt, ...[...this.#queues.values()].map(firstUntil));
    if (at >= this.#timerAt || this.size === 0) return;
    this.#stop();
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#ring(), Math.max(1, Math.ceil(at - performance.now())));
  }

  #ring(): void {
    this.#stop();
    const now = performance.now();
    for (const queue of this.#queues.values())
      for (const waiter of queue) {
        if (waiter.until > now) break;
        this.#release(queue, waiter, null);
      }
    if (this.size === 0) return;
    if (this.#lookAt <= now) {
      this.#lookAt = Infinity;
      this.look();
    }
    this.#wind();
  }

  #stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerAt = Infinity;
  }
}

function firstUntil<State>(queue: Set<Waiter<State>>): number {
  for (const { until } of queue) return until;
  return Infinity;
}
