import { Controller, Get, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Choice, Endpoint, FreeObject } from '#platform/http';
import { Health, overall } from './health.js';
import type { PartHealth } from './health.js';

const UNAVAILABLE = 503;
const STATUSES = ['ok', 'degraded', 'down'];

/** How the process is, in one word. */
export class LiveResponse {
  @Choice(STATUSES)
  readonly status!: string;
}

/** How the process and each of its parts are. */
export class HealthResponse {
  @Choice(STATUSES, { description: 'The worst of the parts.' })
  readonly status!: string;

  @FreeObject({ description: 'Each part with its status and, where there is something to say, a detail.' })
  readonly parts!: Record<string, PartHealth>;
}

@ApiTags('Health')
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get()
  @Endpoint({
    name: 'getHealth',
    summary: 'How the service and its parts are',
    allow: 'public',
    returns: HealthResponse,
  })
  async summary(): Promise<HealthResponse> {
    const parts = await this.health.parts();
    return { status: overall(parts), parts };
  }

  @Get('live')
  @Endpoint({
    name: 'getLiveness',
    summary: 'Whether the process runs; asks nobody',
    allow: 'public',
    returns: LiveResponse,
  })
  live(): LiveResponse {
    return { status: 'ok' };
  }

  @Get('ready')
  @Endpoint({
    name: 'getReadiness',
    summary: 'Whether requests should be sent here',
    allow: 'public',
    returns: HealthResponse,
    also: { [UNAVAILABLE]: 'Not now: a part is down, or the process is about to stop.' },
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthResponse> {
    const parts = await this.health.parts();
    const status = this.health.isDraining ? 'down' : overall(parts);
    if (status === 'down') reply.code(UNAVAILABLE).header('Retry-After', '1');
    return { status, parts };
  }
}
