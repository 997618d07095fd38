import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServerSecrets } from '#platform/database';
import type { Sight } from './flag-answers.js';

/** What a stream tells of. */
export interface StreamScope {
  readonly tenant: string | null;
  readonly environment: string | null;
  readonly sight: Sight;
}

const PURPOSE = 'ofrep stream, 1';
const DAY_MS = 86_400_000;
const TOKEN = /^([A-Za-z0-9_-]{1,4000})\.([A-Za-z0-9_-]{43})$/;

/**
 * Opens a stream by its URL alone, because the EventSource of a browser sends no header. The same for a whole day (UTC), since
 * clients connect anew when it changes; good for the days around it, so that nobody is turned away at midnight. It
 * opens nothing else: whoever has it hears that something changed, and not what.
 */
@Injectable()
export class StreamTokens {
  #key: Buffer | null = null;

  constructor(private readonly secrets: ServerSecrets) {}

  sign({ tenant, environment, sight }: StreamScope, nowMs: number): string {
    const content = JSON.stringify([dayOf(nowMs), tenant, environment, sight]);
    const payload = Buffer.from(content).toString('base64url');
    return `${payload}.${this.#mac(payload).toString('base64url')}`;
  }

  /** Null for whatever was not signed here, or too long ago. */
  verify(token: string, nowMs: number): StreamScope | null {
    const [, payload, mac] = TOKEN.exec(token) ?? [];
    if (payload === undefined || mac === undefined) return null;
    const given = Buffer.from(mac, 'base64url');
    const own = this.#mac(payload);
    if (given.length !== own.length || !timingSafeEqual(given, own)) return null;
    const content = Buffer.from(payload, 'base64url').toString();
    const [day, tenant, environment, sight] = JSON.parse(content) as [
      number,
      string | null,
      string | null,
      Sight,
    ];
    return Math.abs(dayOf(nowMs) - day) <= 1 ? { tenant, environment, sight } : null;
  }

  /** Of its own key, so that no other signature of the installation passes for one of these. */
  #mac(payload: string): Buffer {
    this.#key ??= createHmac('sha256', this.secrets.of('cursor')).update(PURPOSE).digest();
    return createHmac('sha256', this.#key).update(payload).digest();
  }
}

/** The number of the day since 1970, in UTC. */
export const dayOf = (nowMs: number): number => Math.floor(nowMs / DAY_MS);
