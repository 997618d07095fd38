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
  /** `whsec_` and 24 to 64 bytes in base64. */
  readonly secret: string;
  readonly sentAt: Date;
}

/** How it went. `refused`: never send it again. `failed`: it may go better another time. Nothing tells of our network. */
export type Outcome =
  { readonly kind: 'taken' } | { readonly kind: 'refused' | 'failed'; readonly reason: FailureReason };

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

  async deliver(message: Message): Promise<Outcome> {
    const url = new URL(message.url);
    if (!this.limits.guard.admits(url)) return failed('address_not_allowed');
    return new Promise((resolve) => {
      const sent = this.#request(url, message);
      let outcome = failed('timed_out');
      const timer = setTimeout(() => {
        resolve(outcome);
        sent.destroy();
      }, this.limits.timeoutMs);
      sent.on('error', (error) => resolve(failed(reasonOf(error)))); // More than one may come; the first counts.
      sent.once('response', (response) => {
        discard(response);
        outcome = outcomeOf(response.statusCode ?? 0); // Whether or not the answer ever ends.
        response.once('close', () => resolve(outcome));
      });
      sent.once('close', () => {
        clearTimeout(timer);
        resolve(failed('unreachable'));
      });
      sent.end(message.body);
    });
  }

  #request(url: URL, message: Message): ClientRequest {
    const { id, body, mediaType, secret, sentAt } = message;
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    return request(url, {
      method: 'POST',
      agent: false, // A connection of its own: a kept one would have been checked at another time.
      lookup: this.limits.guard.lookup,
      headers: {
        'content-type': mediaType,
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Metastore',
        'webhook-id': id,
        'webhook-timestamp': Math.floor(sentAt.getTime() / 1_000),
        'webhook-signature': new Webhook(secret).sign(id, sentAt, body),
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

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  if (status === GONE) return { kind: 'refused', reason: 'gone' };
  if (status >= 300 && status < 400) return failed('redirected');
  return failed(`status_${status}`);
}

const failed = (reason: FailureReason): Outcome => ({ kind: 'failed', reason });

/** What OpenSSL and Node call the faults of a certificate. */
const OF_CERTIFICATES = /CERT|SIGNATURE|SELF_SIGNED|CRL|HOSTNAME_MISMATCH|ALTNAME/;
const OF_NAMES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENODATA']);

function reasonOf(error: Error): FailureReason {
  if (error instanceof AddressNotAllowed) return 'address_not_allowed';
  const { code = '' } = error as NodeJS.ErrnoException;
  if (OF_NAMES.has(code)) return 'host_not_found';
  return OF_CERTIFICATES.test(code) ? 'certificate_invalid' : 'unreachable';
}
