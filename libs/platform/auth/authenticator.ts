import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { ChangeBus } from '#platform/change-log';
import { AppSettings, isLoopback } from '#platform/config';
import { CallContext } from '#platform/context';
import type { Caller } from '#platform/context';
import { DatabaseClock } from '#platform/database';
import { parseApiKey, secretMatches } from './api-key-token.js';
import { isActive, PLATFORM_WIDE } from './api-key.js';
import type { ApiKeyState } from './api-key.js';
import { ApiKeys } from './api-keys.js';
import { CredentialInvalid } from './errors.js';
import { permissionsOf } from './permissions.js';

const VERIFIED_MAX = 10_000;
const FAILURES_MAX = 10_000;
const HOSTS_MAX = 100;
const FAILURE_MEMORY_MS = 60_000;
/** The n-th wrong key from one address within a minute waits n times this long, up to the limit. */
const FAILURE_PAUSE_MS = 20;
const FAILURE_PAUSE_MS_MAX = 1_000;
const KEY_ACTOR = 'key:';
const BEARER = /^Bearer +(\S{1,512})$/i;

interface Verified {
  readonly caller: Caller;
  readonly tokenId: string;
  /** Milliseconds since 1970; Infinity for a key that never expires. */
  readonly expiresAtMs: number;
}

/**
 * Finds out who calls. A key is verified once and remembered until any key changes, so that the
 * hot path costs one look-up in memory, and goes on while the database is away.
 */
@Injectable()
export class Authenticator {
  readonly #logger = new Logger(Authenticator.name);
  /** By token id, for who comes with what was signed for them; apart from the tokens, which are secret. */
  readonly #signers = new LRUCache<string, Verified>({ max: VERIFIED_MAX });
  readonly #verified = new LRUCache<string, Verified>({ max: VERIFIED_MAX });
  readonly #failures = new LRUCache<string, number>({ max: FAILURES_MAX, ttl: FAILURE_MEMORY_MS });
  readonly #localHosts = new LRUCache<string, boolean>({ max: HOSTS_MAX });
  readonly #lastUsed = new Map<string, number>();
  readonly #anonymous: Caller | null;
  /** Counts the changes of keys: what was looked up before one is not remembered after it. */
  #generation = 0;

  constructor(
    private readonly keys: ApiKeys,
    private readonly clock: DatabaseClock,
    private readonly context: CallContext,
    settings: AppSettings,
    bus: ChangeBus,
  ) {
    const isOpen = settings.appEnv === 'development' && isLoopback(settings.host);
    this.#anonymous = isOpen
      ? { actor: 'anonymous', tenant: null, permissions: permissionsOf('admin') }
      : null;
    bus.listen(['platform.api_key'], () => {
      this.#generation += 1;
      this.#verified.clear();
      this.#signers.clear();
    });
  }

  /**
   * Who calls; at once when the key is known already. Null when nobody says so.
   * @throws CredentialInvalid
   */
  authenticate(request: FastifyRequest): Caller | null | Promise<Caller> {
    const token = tokenOf(request.headers);
    if (token === null) return this.#withoutKey(request.headers);
    const known = this.#verified.get(token);
    if (known) return this.#admit(known);
    return this.#verify(token, request).then((verified) => this.#admit(verified));
  }

  /**
   * The caller of this name, who signed what the request brings: as long as it is let in itself.
   * @throws CredentialInvalid
   */
  async signerOf(actor: string, request: FastifyRequest): Promise<Caller> {
    const tokenId = actor.startsWith(KEY_ACTOR) ? actor.slice(KEY_ACTOR.length) : null;
    const anonymous = tokenId === null ? this.#withoutKey(request.headers) : null;
    if (anonymous?.actor === actor) return anonymous;
    const known = this.#signers.get(tokenId ?? '');
    if (known) return this.#admit(known);
    const generation = this.#generation;
    const key = tokenId === null ? null : await this.#find(tokenId);
    if (!key || !isActive(key, this.clock.now()))
      return this.turnAway(new CredentialInvalid(), request, tokenId);
    const verified = verifiedOf(key);
    if (generation === this.#generation) this.#signers.set(key.tokenId, verified);
    return this.#admit(verified);
  }

  /** Says no, and slower each time: whoever tries many is not told much. @throws the reason */
  async turnAway(reason: Error, request: FastifyRequest, tokenId: string | null): Promise<never> {
    const failures = (this.#failures.get(request.ip) ?? 0) + 1;
    this.#failures.set(request.ip, failures);
    this.#logger.warn(
      { keyPrefix: tokenId, ip: request.ip, requestId: request.id, failures },
      'A credential was refused.',
    );
    await pause(Math.min(FAILURE_PAUSE_MS * failures, FAILURE_PAUSE_MS_MAX));
    throw reason;
  }

  /** Who calls, when that is known already and nothing stands against it; else null, and `authenticate` tells. */
  knownCaller(headers: IncomingHttpHeaders): Caller | null {
    if (headers.authorization === undefined && headers['x-api-key'] === undefined)
      return this.#withoutKey(headers);
    const known = this.#verified.get(BEARER.exec(headers.authorization ?? '')?.[1] ?? '');
    const now = this.clock.nowMs();
    if (!known || known.expiresAtMs <= now) return null;
    this.#lastUsed.set(known.tokenId, now);
    return known.caller;
  }

  /** When each key was last used since this was asked last: token id to milliseconds since 1970. */
  takeLastUsed(): Map<string, number> {
    const taken = new Map(this.#lastUsed);
    this.#lastUsed.clear();
    return taken;
  }

  /** A page of a foreign site that got its name to point here (DNS rebinding) calls with that name as Host. */
  #withoutKey(headers: IncomingHttpHeaders): Caller | null {
    return this.#anonymous && this.#isLocal(headers.host ?? '') ? this.#anonymous : null;
  }

  #isLocal(host: string): boolean {
    let isLocal = this.#localHosts.get(host);
    if (isLocal === undefined) {
      isLocal = isLoopback(hostNameOf(host));
      this.#localHosts.set(host, isLocal);
    }
    return isLocal;
  }

  #admit(verified: Verified): Caller {
    const now = this.clock.nowMs();
    if (verified.expiresAtMs <= now) throw new CredentialInvalid();
    this.#lastUsed.set(verified.tokenId, now);
    return verified.caller;
  }

  async #verify(token: string, request: FastifyRequest): Promise<Verified> {
    const generation = this.#generation;
    const parsed = parseApiKey(token);
    const key = parsed && (await this.#find(parsed.id));
    if (
      !parsed ||
      !key ||
      !secretMatches(parsed.secret, key.secretHash) ||
      !isActive(key, this.clock.now())
    ) {
      return this.turnAway(new CredentialInvalid(), request, parsed?.id ?? null);
    }
    const verified = verifiedOf(key);
    if (generation === this.#generation) this.#verified.set(token, verified);
    return verified;
  }

  #find(tokenId: string): Promise<ApiKeyState | null> {
    return this.context.runAsSystem('authenticator', () => this.keys.find(tokenId));
  }
}

function verifiedOf({ tokenId, tenant, role, expiresAt }: ApiKeyState): Verified {
  return {
    caller: {
      actor: `${KEY_ACTOR}${tokenId}`,
      tenant: tenant === PLATFORM_WIDE ? null : tenant,
      permissions: permissionsOf(role),
      ...(expiresAt && { expiresAtMs: expiresAt.getTime() }),
    },
    tokenId,
    expiresAtMs: expiresAt?.getTime() ?? Infinity,
  };
}

function tokenOf(headers: IncomingHttpHeaders): string | null {
  const { authorization, 'x-api-key': apiKey } = headers;
  if (authorization !== undefined) {
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) throw new CredentialInvalid();
    return token;
  }
  return typeof apiKey === 'string' ? apiKey : null;
}

/** Without the port, and without the brackets of an IPv6 address. */
function hostNameOf(host: string): string {
  return /^\[(.+)\](:\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d+$/, '');
}
