import type { Call } from '#platform/context';

/** A request that was answered: what the log and the metrics tell of it. */
export interface Answered {
  readonly method: string;
  /** The pattern and not the path, because a path may hold what does not belong in a log. */
  readonly route: string;
  readonly status: number;
  readonly requestId: string;
  /** When it came in, by the monotonic clock, in milliseconds. */
  readonly receivedAt: number;
  /** Who called; null when the request got no further than the door. */
  readonly call: Call | null;
}
