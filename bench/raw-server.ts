import { ask, startModule, stopChild } from './children.js';
import type { Scope } from './scope.js';

/** What it answers to everything. */
export interface RawAnswer {
  readonly contentType: string;
  readonly etag: string;
  readonly body: string;
  /** Reads a JSON body before it answers. */
  readonly isForQuestions?: true;
  /** 200 unless it is said. */
  readonly status?: 200 | 304;
}

export interface RawServer {
  readonly url: string;
  readonly pid: number | undefined;
}

/** The yardstick of what is answered from memory: `node:http` alone, in a process of its own, with the same bytes. */
export async function startRawServer(scope: Scope, answer: RawAnswer): Promise<RawServer> {
  const child = startModule(new URL('./raw-server-process.js', import.meta.url));
  scope.defer(() => stopChild(child));
  const { port } = await ask<{ port: number }>(child, answer);
  return { url: `http://127.0.0.1:${port}`, pid: child.pid };
}
