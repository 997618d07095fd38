import { Body, Controller, Header, Post } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import { CallContext } from '#platform/context';
import { DatabaseClock } from '#platform/database';
import { Endpoint, Instant, Text, Whole } from '#platform/http';
import { StreamForbidden } from './errors.js';
import { endOf, signableUrl, SignedUrls } from './signed-urls.js';
import type { SignableUrl } from './signed-urls.js';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
const CREATED = 201;

export class SignUrlBody {
  @Text({
    min: 1,
    max: 4_000,
    description: 'The path and query of a stream of events, without a host.',
    example: '/api/v1/events/stream?aggregate_type=metadata.entry',
  })
  readonly url!: string;

  @Whole({ optional: true, min: 1, max: DAY_SECONDS, default: HOUR_SECONDS, description: 'At most a day.' })
  readonly expires_in_seconds: number = HOUR_SECONDS;
}

/** A URL that is its own credential. */
export class SignedUrlResponse {
  @Text({
    description:
      'The same with one parameter more, `token`. Whoever has it may follow the stream: treat it as a key.',
    example: '/api/v1/events/stream?aggregate_type=metadata.entry&token=WzE3OD….k2Zx…',
  })
  readonly url!: string;

  @Instant({ description: 'The end of its time, or that of the key that signed it, whichever is first.' })
  readonly expires_at!: string;
}

@ApiTags('Events')
@Controller({ path: 'signed-urls', version: '1' })
export class SignedUrlsController {
  constructor(
    private readonly urls: SignedUrls,
    private readonly clock: DatabaseClock,
    private readonly context: CallContext,
    private readonly host: HttpAdapterHost,
  ) {}

  @Post()
  @Header('Cache-Control', 'no-store')
  @Endpoint({
    name: 'signUrl',
    summary: 'Sign the URL of a stream for a browser',
    description: [
      'The EventSource of a browser sends no header. A signed URL opens one stream with exactly these parameters, by GET and HEAD, as long',
      'as its time lasts and the key that signed it is good; `Last-Event-ID` stays free. Nothing is stored, so there is nothing to list or to delete.',
    ].join(' '),
    allow: 'streams:read',
    status: CREATED,
    returns: SignedUrlResponse,
  })
  sign(@Body() { url, expires_in_seconds }: SignUrlBody): SignedUrlResponse {
    const { caller } = this.context.current;
    const signable = signableUrl(url);
    const permission = this.#permissionOf(signable);
    if (!caller.permissions.has(permission)) throw new StreamForbidden(permission);
    const expiresAtMs = endOf(this.clock.nowMs(), expires_in_seconds, caller);
    return {
      url: this.urls.sign(signable, { expiresAtMs, actor: caller.actor }),
      expires_at: new Date(expiresAtMs).toISOString(),
    };
  }

  /** @throws InvalidInput for what is no stream */
  #permissionOf({ path }: SignableUrl): string {
    const { routeTable } = this.host.httpAdapter.getInstance<FastifyInstance>();
    const permission = routeTable.signableBy(path);
    if (permission === null)
      throw InvalidInput.at('/url', 'not_a_stream', 'No stream of events that can be signed has this path.');
    return permission;
  }
}
