import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { AddressGuard, AddressNotAllowed } from './address-guard.js';

/** What is sent, and to whom. */
export interface Message {
  /** The same however often it is sent, so that the receiver takes it once. */
  readonly id: string;
  readonly url: string;
  /** JSON. */
  readonly body: string;
  readonly mediaType: string;
  /** Each `whsec_` and 24 to 64 bytes in base64; it is signed by all of them, so that one can take the place of another. */
  readonly secrets: readonly string[];
  readonly sentAt: Date;
}

/** How it went. `refused`: never send it again. `failed`: it may go better another time. Nothing tells of our network. */
export type Outcome =
  | { readonly kind: 'taken'; readonly status: number }
  | {
      readonly kind: 'refused' | 'failed';
      readonly reason: FailureReason;
      /** Of HTTP; null where there was no answer. */
      readonly status: number | null;
      /** What the receiver asked for, in whatever way it said it; null where it did not. */
      readonly retryAfterSeconds: number | null;
    };

export type FailureReason =
  | 'address_not_allowed'
  | 'host_not_found'
  | 'unreachable'
  | 'certificate_invalid'
  | 'timed_out'
  | 'redirected'
  | 'gone'
  | `status_${number}`;

export interface CourierLimits {
  /** For all of it: the look-up, the connection and the answer. */
  readonly timeoutMs: number;
  readonly guard: AddressGuard;
}

/** As much of an answer is read, and nothing made of it. */
const ANSWER_BYTES_MAX = 65_536;
const GONE = 410;

/**
 * Sends signed messages by HTTP to whoever somebody named (Standard Webhooks, standardwebhooks.com). Follows no redirect, since
 * it could lead anywhere, and never fails: how it went is the answer.
 */
export class Courier {
  constructor(private readonly limits: CourierLimits) {}

  /** `signal` ends it at once, as something that failed. */
  async deliver(message: Message, signal?: AbortSignal): Promise<Outcome> {
    const url = new URL(message.url);
    if (!this.limits.guard.admits(url)) return failed('address_not_allowed');
    return new Promise((resolve) => {
      const sent = this.#request(url, message, signal);
      let outcome = failed('timed_out');
      const timer = setTimeout(() => {
        resolve(outcome);
        sent.destroy();
      }, this.limits.timeoutMs);
      sent.on('error', (error) => resolve(failed(reasonOf(error)))); // More than one may come; the first counts.
      sent.once('response', (response) => {
        discard(response);
        outcome = outcomeOf(response, message.sentAt); // Whether or not the answer ever ends.
        response.once('close', () => resolve(outcome));
      });
      sent.once('close', () => {
        clearTimeout(timer);
        resolve(failed('unreachable'));
      });
      sent.end(message.body);
    });
  }

  #request(url: URL, message: Message, signal?: AbortSignal): ClientRequest {
    const { id, body, mediaType, secrets, sentAt } = message;
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    return request(url, {
      method: 'POST',
      ...(signal && { signal }),
      agent: false, // A connection of its own: a kept one would have been checked at another time.
      lookup: this.limits.guard.lookup,
      headers: {
        'content-type': mediaType,
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Metastore',
        'webhook-id': id,
        'webhook-timestamp': Math.floor(sentAt.getTime() / 1_000),
        'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' '),
      },
    });
  }
}

/** Reads on, so that the receiver can end its answer, but not for ever. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) response.destroy();
  });
  response.on('error', () => undefined); // Its status is what counts.
}

function outcomeOf({ statusCode: status = 0, headers }: IncomingMessage, now: Date): Outcome {
  if (status >= 200 && status < 300) return { kind: 'taken', status };
  const answer = { status, retryAfterSeconds: retryAfterOf(headers['retry-after'], now) };
  if (status === GONE) return { kind: 'refused', reason: 'gone', ...answer };
  if (status >= 300 && status < 400) return { kind: 'failed', reason: 'redirected', ...answer };
  return { kind: 'failed', reason: `status_${status}`, ...answer };
}

/** Seconds, or an HTTP date (RFC 9110, 10.2.3); whatever else it is says nothing. */
function retryAfterOf(text: string | undefined, now: Date): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const seconds = Math.ceil((Date.parse(text) - now.getTime()) / 1_000);
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

const failed = (reason: FailureReason): Outcome => ({
  kind: 'failed',
  reason,
  status: null,
  retryAfterSeconds: null,
});

/** What OpenSSL and Node call the faults of a certificate. */
const OF_CERTIFICATES = /CERT|SIGNATURE|SELF_SIGNED|CRL|HOSTNAME_MISMATCH|ALTNAME/;
const OF_NAMES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENODATA']);

function reasonOf(error: Error): FailureReason {
  if (error instanceof AddressNotAllowed) return 'address_not_allowed';
  const { code = '' } = error as NodeJS.ErrnoException;
  if (OF_NAMES.has(code)) return 'host_not_found';
  return OF_CERTIFICATES.test(code) ? 'certificate_invalid' : 'unreachable';
}
