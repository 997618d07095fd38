import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import type { Caller } from '#platform/context';
import { DatabaseClock, ServerSecrets } from '#platform/database';
import { checkQueryText } from '#platform/http';
import { Authenticator } from './authenticator.js';
import { SignedUrlExpired, SignedUrlInvalid } from './errors.js';

const PURPOSE = 'signed url, 1';
const TOKEN = /^([A-Za-z0-9_-]{1,200})\.([A-Za-z0-9_-]{43})$/;
const PARAMETER = 'token';
/** Only its path and query count: the service does not know by which names it is reached. */
const ANYWHERE = 'http://localhost';
const MILLISECONDS = 1_000;

/** A path and its query as browsers send them, without the token. */
export interface SignableUrl {
  readonly path: string;
  readonly query: string;
}

/** Who signed, and until when it holds. */
interface Claims {
  readonly expiresAtMs: number;
  readonly actor: string;
}

/**
 * URLs that open one stream by themselves, because the EventSource of a browser sends no header. Nothing is stored: the
 * token names who signed and until when, and a MAC ties both to the URL. What it opens is what the signer may see then.
 */
@Injectable()
export class SignedUrls {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly secrets: ServerSecrets,
    private readonly clock: DatabaseClock,
  ) {}

  /** The URL with a token that holds until then. */
  sign({ path, query }: SignableUrl, claims: Claims): string {
    const payload = Buffer.from(JSON.stringify([claims.expiresAtMs, claims.actor])).toString('base64url');
    const token = `${payload}.${this.#mac({ path, query }, payload).toString('base64url')}`;
    return `${path}?${query === '' ? '' : `${query}&`}${PARAMETER}=${token}`;
  }

  /** Whether the URL is what says who calls. */
  hasToken({ routeOptions, query }: FastifyRequest): boolean {
    return routeOptions.config.signable === true && Object.hasOwn(query as object, PARAMETER);
  }

  /**
   * Who signed the URL of this request; from then on the token is no parameter of it any more.
   * @throws SignedUrlInvalid, SignedUrlExpired, CredentialInvalid
   */
  async callerOf(request: FastifyRequest): Promise<Caller> {
    const claims = this.#claimsOf(request.url);
    if (!claims) return this.authenticator.turnAway(new SignedUrlInvalid(), request, null);
    if (claims.expiresAtMs <= this.clock.nowMs()) throw new SignedUrlExpired();
    const caller = await this.authenticator.signerOf(claims.actor, request);
    delete (request.query as Record<string, unknown>)[PARAMETER];
    return { ...caller, expiresAtMs: Math.min(claims.expiresAtMs, caller.expiresAtMs ?? Infinity) };
  }

  /** Null for whatever was not signed here. */
  #claimsOf(text: string): Claims | null {
    const { path, query } = partsOf(text);
    const pairs = query.split('&');
    const tokens = pairs.filter(isToken);
    const [, payload, mac] = TOKEN.exec(tokens[0]?.slice(PARAMETER.length + 1) ?? '') ?? [];
    if (tokens.length !== 1 || payload === undefined || mac === undefined) return null;
    const rest = { path, query: pairs.filter((pair) => !isToken(pair)).join('&') };
    const given = Buffer.from(mac, 'base64url');
    const own = this.#mac(rest, payload);
    if (given.length !== own.length || !timingSafeEqual(given, own)) return null;
    const [expiresAtMs, actor] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [number, string];
    return { expiresAtMs, actor };
  }

  #mac({ path, query }: SignableUrl, payload: string): Buffer {
    const content = JSON.stringify([PURPOSE, path, query, payload]);
    return createHmac('sha256', this.secrets.of('signed_url')).update(content).digest();
  }
}

/**
 * The URL as a browser would ask for it.
 * @throws InvalidInput for what is no path of this service, or has a token already
 */
export function signableUrl(text: string): SignableUrl {
  const isPath = text.startsWith('/') && !/^\/[/\\]/.test(text);
  if (!isPath || text.includes('#') || !URL.canParse(text, ANYWHERE))
    throw InvalidInput.at(
      '/url',
      'pattern',
      'It is a path of this service and its query, beginning with a slash.',
    );
  checkQueryText(text);
  const url = partsOf(text);
  if (url.query.split('&').some(isToken))
    throw InvalidInput.at(
      '/url',
      'reserved',
      'It has the parameter token already, and gets it by being signed.',
    );
  return url;
}

function partsOf(text: string): SignableUrl {
  const { pathname, search } = new URL(text, ANYWHERE);
  return { path: pathname, query: search.slice(1) };
}

/** Also where its name is percent-encoded: the router reads it as the same. */
function isToken(pair: string): boolean {
  const name = pair.split('=', 1)[0] ?? '';
  return name === PARAMETER || (name.includes('%') && decodeURIComponent(name) === PARAMETER);
}

/** When a URL that is signed now, for so many seconds, is over: no later than the credential of its signer. */
export const endOf = (nowMs: number, seconds: number, { expiresAtMs = Infinity }: Caller): number =>
  Math.min(nowMs + seconds * MILLISECONDS, expiresAtMs);
