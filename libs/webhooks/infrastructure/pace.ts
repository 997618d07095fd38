/** Of one receiver at once: enough that a distance of a tenth of a second does not hold up a hundred events a second. */
const AT_ONCE_MAX = 8;
const PAUSE_MS = 250;
const PAUSE_MS_MAX = 60_000;
/** A receiver that asks for longer is asked again sooner. */
const ASKED_MS_MAX = 3_600_000;
const JITTER = 0.2;
/** After so many failures in a row whatever waits is sent as soon as the receiver is back. */
const OUTAGE_FAILURES = 3;

/** When an attempt was begun, and what came of it. */
export interface Failure {
  readonly begunAt: number;
  readonly now: number;
  readonly retryAfterSeconds: number | null;
  /** From 0 to 1. */
  readonly chance: number;
}

/**
 * How much one receiver is sent at once, and when. It begins with one message and has one more with each that is taken; who
 * fails has one at a time, with ever longer pauses. So who hangs costs one connection, however many there are of them. All
 * times in milliseconds.
 */
export class Pace {
  #atOnce = 1;
  #failures = 0;
  #failedAt = 0;
  #notBefore = 0;

  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** How many more may be sent now. */
  room(now: number, underWay: number): number {
    if (this.isFailing) return now < this.#notBefore || underWay > 0 ? 0 : 1;
    return Math.max(0, this.#atOnce - underWay);
  }

  /** True when this ends an outage. */
  succeeded(): boolean {
    const isOver = this.#failures >= OUTAGE_FAILURES;
    this.#failures = 0;
    this.#atOnce = Math.min(AT_ONCE_MAX, this.#atOnce + 1);
    return isOver;
  }

  /** What was begun before an earlier one failed says nothing new, so that it makes no longer pause. */
  failed({ begunAt, now, retryAfterSeconds, chance }: Failure): void {
    this.#atOnce = 1;
    if (this.#failures > 0 && begunAt < this.#failedAt) return;
    this.#failures += 1;
    this.#failedAt = now;
    const pause = Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** (this.#failures - 1));
    const asked = Math.min(ASKED_MS_MAX, (retryAfterSeconds ?? 0) * 1_000);
    this.#notBefore = now + Math.max(asked, pause * (1 - JITTER * chance));
  }
}
