import { ask, startModule, stopChild } from './children.js';
import type { Scope } from './scope.js';

/** What to send, for how long. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Absent: the same GET each time. Else entries are created, each with a key of its own. */
  readonly creates?: { readonly tenants: number; readonly keyPrefix: string; readonly value: unknown };
  /** Absent: the same GET each time. Else these are asked in turn, each a JSON body. */
  readonly questions?: readonly string[];
  /** The questions are dealt out, so that no two connections ask the same at a time; else each asks all of them in turn. */
  readonly dealt?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What every answer has to be; 200 unless it is said. */
  readonly status?: 200 | 304;
}

/** What came of it. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What the process that runs the load tells. */
export interface LoadReport extends LoadResult {
  /** Answers of another kind than was expected, and requests without an answer. */
  readonly failures: number;
}

/**
 * Runs autocannon in a process of its own, with one request at a time on each connection.
 * @throws when a single request fails, because a fast refusal is not fast work
 */
export async function load(scope: Scope, options: Load): Promise<LoadResult> {
  const child = startModule(new URL('./load-process.js', import.meta.url));
  scope.defer(() => stopChild(child));
  const { failures, ...result } = await ask<LoadReport>(child, options);
  await stopChild(child);
  if (failures > 0) throw new Error(`${failures} requests to ${options.url} failed.`);
  return result;
}
