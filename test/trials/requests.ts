import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { Replicas } from './replicas.js';

/** What is asked for. */
export interface Asked {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** JSON, or the text of a table. */
  readonly body?: object | string;
  /** Of what it is for: another one is refused. */
  readonly version?: number;
}

export interface Answer {
  readonly status: number;
  readonly body: any;
  /** The same request was sent before, and nobody told what had become of it. */
  readonly isRetry: boolean;
}

const RETRY_MS = 20;

/**
 * Asks whichever process is there. It gives up no request: where nobody told what became of one, it asks again, with the same
 * Idempotency-Key or If-Match, until it knows.
 */
export class Requests {
  #count = 0;
  #retries = 0;

  constructor(
    /** Which no others on the database have. */
    private readonly name: string,
    private readonly replicas: Replicas,
    private readonly chance: Chance,
  ) {}

  get retries(): number {
    return this.#retries;
  }

  async send(asked: Asked): Promise<Answer> {
    this.#count += 1;
    const request = this.#requestOf(asked);
    let url = this.replicas.any(this.chance);
    let isRetry = false;
    for (;;) {
      const answer = await answerTo(`${url}${asked.path}`, request);
      if (answer && !isTooEarly(answer)) return { ...answer, isRetry };
      isRetry = true;
      this.#retries += 1;
      await pause(RETRY_MS);
      url = this.replicas.any(this.chance, url);
    }
  }

  #requestOf({ method, body, version }: Asked): RequestInit {
    const isTable = typeof body === 'string';
    const headers = {
      ...(body !== undefined && { 'Content-Type': isTable ? 'text/csv' : 'application/json' }),
      ...(method === 'POST' && { 'Idempotency-Key': `${this.name}-${this.#count}` }),
      ...(version !== undefined && { 'If-Match': `"${version}"` }),
    };
    return { method, headers, ...(body !== undefined && { body: isTable ? body : JSON.stringify(body) }) };
  }
}

/** Ends the trial: no writer does anything that is refused. */
export const unexpected = ({ status, body }: Answer): Error =>
  new Error(`A writer got ${status}: ${JSON.stringify(body).slice(0, 1_000)}`);

/** Null where the connection broke before all of the answer was there. */
async function answerTo(url: string, request: RequestInit): Promise<{ status: number; body: any } | null> {
  try {
    const response = await fetch(url, request);
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Nothing was done, or it is not known yet. */
const isTooEarly = ({ status, body }: { status: number; body: any }): boolean =>
  status === 503 || body?.code === 'idempotency_in_progress';
