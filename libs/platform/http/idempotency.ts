import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { DomainError, InvalidInput } from '#shared-kernel';
import type { ErrorKind } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { Envelope } from '#platform/crypto';
import type { SealedPlace } from '#platform/crypto';
import { Database } from '#platform/database';
import { JsonText, stringifyExact } from './json/json-text.js';
import { resourceHeaders } from './conditional.js';
import { PROBLEM_TYPE, refusalOf } from './problem.js';
import { SpooledBody } from './spooled-body.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
export const IDEMPOTENCY_LIFETIME = '24 hours';
/** Refusals that come from what is stored, not from how the request was written: they are the first response too. */
const KEPT: ReadonlySet<ErrorKind> = new Set(['not-found', 'conflict', 'gone', 'stale', 'unprocessable']);
/** Of the key itself: what it refuses is not the first response. */
const OF_THE_KEY = new Set(['idempotency_key_reused', 'idempotency_in_progress']);

/** The key was used for something else. */
export class IdempotencyKeyReused extends DomainError {
  readonly kind = 'unprocessable';
  readonly code = 'idempotency_key_reused';
  constructor() {
    super('This Idempotency-Key was used with another request.');
  }
}

/** The first request with this key is not finished. */
export class IdempotencyInProgress extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'idempotency_in_progress';
  constructor() {
    super('The first request with this Idempotency-Key is still running.');
  }
}

interface StoredResponse {
  readonly request_hash: Buffer;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly response: string;
}

interface Slot {
  readonly tenant: string;
  readonly principal: string;
  readonly key: string;
  readonly hash: Buffer;
}

/**
 * Makes a POST with an Idempotency-Key happen once. The response is stored in the transaction of the write itself:
 * after a crash there are both, or neither, and the lock is gone with its transaction. Holds across replicas.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly context: CallContext,
    private readonly envelope: Envelope,
  ) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const header = request.headers['idempotency-key'];
    if (header === undefined || request.method !== 'POST') return next.handle();
    const key = String(header);
    if (!KEY.test(key)) {
      throw InvalidInput.at(
        '/Idempotency-Key',
        'malformed',
        'An Idempotency-Key has 1 to 255 visible ASCII characters.',
      );
    }
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    return from(
      this.#once(this.#slot(key, request), request, reply, () =>
        lastValueFrom(next.handle(), { defaultValue: undefined }),
      ),
    );
  }

  #slot(key: string, request: FastifyRequest): Slot {
    const { caller } = this.context.current;
    const hash = createHash('sha256')
      .update(`${request.method} ${request.url}\n`)
      .update(fingerprint(request.body));
    return { tenant: caller.tenant ?? '*', principal: caller.actor, key, hash: hash.digest() };
  }

  async #once(
    slot: Slot,
    request: FastifyRequest,
    reply: FastifyReply,
    handle: () => Promise<unknown>,
  ): Promise<unknown> {
    try {
      return await this.database.run(async () => {
        await this.#lock(slot);
        const stored = await this.#find(slot);
        if (stored) return this.#replay(slot, stored, reply);
        const body = await handle();
        const text = body === undefined ? '' : stringifyExact(body);
        await this.#store(slot, {
          status: reply.statusCode,
          headers: { ...resourceHeaders(request, reply, body), ...cachingOf(reply) },
          body: text,
        });
        return body;
      });
    } catch (error) {
      if (error instanceof DomainError && KEPT.has(error.kind) && !OF_THE_KEY.has(error.code)) {
        await this.#storeRefusal(slot, request, error);
      }
      throw error;
    }
  }

  /** What was refused left nothing behind, so its response needs no transaction with anything. */
  async #storeRefusal(slot: Slot, request: FastifyRequest, error: DomainError): Promise<void> {
    const { problem, headers } = refusalOf(error, request.id);
    await this.database.run(async () => {
      await this.#lock(slot);
      if (await this.#find(slot)) return;
      const kept = { ...headers, 'content-type': PROBLEM_TYPE };
      await this.#store(slot, { status: problem.status, headers: kept, body: JSON.stringify(problem) });
    });
  }

  async #lock({ tenant, principal, key }: Slot): Promise<void> {
    const { rows } = await this.database.transaction.query<{ locked: boolean }>({
      name: 'idempotency_lock',
      text: 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked',
      values: [`idempotency\n${tenant}\n${principal}\n${key}`],
    });
    if (!rows[0]?.locked) throw new IdempotencyInProgress();
  }

  async #find({ tenant, principal, key, hash }: Slot): Promise<StoredResponse | null> {
    const { rows } = await this.database.transaction.query<StoredResponse>({
      name: 'idempotency_find',
      text: `select request_hash, status, headers, response from platform.idempotency
             where tenant = $1 and principal = $2 and key = $3 and created_at > statement_timestamp() - interval '${IDEMPOTENCY_LIFETIME}'`,
      values: [tenant, principal, key],
    });
    const stored = rows[0] ?? null;
    if (stored && !hash.equals(stored.request_hash)) throw new IdempotencyKeyReused();
    return stored;
  }

  async #replay(slot: Slot, stored: StoredResponse, reply: FastifyReply): Promise<JsonText | undefined> {
    const body = await this.envelope.open(stored.response, placeOf(slot));
    reply.code(stored.status).headers(stored.headers).header('Idempotency-Replayed', 'true');
    return body.length === 0 ? undefined : JsonText.restore(body.toString());
  }

  async #store(slot: Slot, response: { status: number; headers: object; body: string }): Promise<void> {
    const { tenant, principal, key, hash } = slot;
    const sealed = await this.envelope.seal(response.body, placeOf(slot));
    await this.database.transaction.query({
      name: 'idempotency_store',
      text: `insert into platform.idempotency (tenant, principal, key, request_hash, status, headers, response)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (tenant, principal, key) do update set request_hash = excluded.request_hash, status = excluded.status,
               headers = excluded.headers, response = excluded.response, created_at = excluded.created_at`,
      values: [tenant, principal, key, hash, response.status, JSON.stringify(response.headers), sealed],
    });
  }
}

/** What was not to be kept the first time is not the second time either. */
function cachingOf(reply: FastifyReply): Record<string, string> {
  const caching = reply.getHeader('cache-control');
  return caching === undefined ? {} : { 'cache-control': String(caching) };
}

/** What tells one body from another. */
function fingerprint(body: unknown): string | Buffer {
  if (body instanceof SpooledBody) return body.hash;
  return Buffer.isBuffer(body) ? body : stringifyExact(body ?? null);
}

/** Where a stored response lies, for the seal: it opens nowhere else. The key's hash in the form of a UUID. */
function placeOf({ tenant, principal, key }: Slot): SealedPlace {
  const hash = createHash('sha256').update(`${principal}\n${key}`).digest('hex');
  const entry = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ].join('-');
  return { tenant, entry, version: 1, contentType: 'json' };
}
