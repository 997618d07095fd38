import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInput, lengthOf, parseSelector } from '#shared-kernel';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, noneMatchHits, preferenceApplied, waitSecondsOf } from '#platform/http';
import { RESOURCE_NAME_LENGTH_MAX } from '../domain/resource-content.js';
import { DiscoveryAnswers } from './discovery-answers.js';
import type { DiscoveryAnswer } from './discovery-answers.js';
import { DiscoveryQuery, DiscoveryResponse } from './discovery.dto.js';
import { DiscoveryWaits } from './discovery-waits.js';
import type { KeyedQuestion } from './discovery-waits.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const NOT_MODIFIED = 304;
const DESCRIPTION = [
  'The endpoints of all resources of this name, of the tenant and of all, as they are now; a name that nothing has gives none.',
  'With `Prefer: wait=N` (up to 55 seconds) and `If-None-Match` the answer comes as soon as it is another one than the caller has.',
].join(' ');

@ApiTags('Discovery')
@Controller({ path: 'discovery', version: '1' })
export class DiscoveryController {
  constructor(
    private readonly answers: DiscoveryAnswers,
    private readonly waits: DiscoveryWaits,
    private readonly context: CallContext,
  ) {}

  @Get(':name')
  @ApiParam({
    name: 'name',
    description: 'The name of resources, of any namespace and type.',
    schema: { type: 'string', maxLength: RESOURCE_NAME_LENGTH_MAX, examples: ['orders'] } as never,
  })
  @Endpoint({
    name: 'discover',
    summary: 'Find where something answers',
    description: DESCRIPTION,
    allow: 'catalog:read',
    returns: DiscoveryResponse,
  })
  @ApiResponse({ status: NOT_MODIFIED, description: 'What the caller has is the present answer.' })
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      '`wait=N`: with `If-None-Match`, wait up to N seconds (at most 55) until the answer is another one.',
    schema: { type: 'string', examples: ['wait=30'] } as never,
  })
  async discover(
    @Param('name') name: string,
    @Query() query: DiscoveryQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const asked = this.#ask(name, query);
    const seconds = waitSecondsOf(request.headers);
    if (seconds !== null) reply.header('Preference-Applied', preferenceApplied(seconds));
    const answer = await this.answers.get(asked.question);
    const known = request.headers['if-none-match'];
    if (!seconds || known === undefined || !noneMatchHits(known, answer.etag))
      return give(answer, known, reply);
    const waiting = this.waits.enter(asked, known, seconds);
    if (!waiting) return give(answer, known, reply);
    reply.raw.once('close', waiting.leave);
    return give((await waiting.state) ?? answer, known, reply);
  }

  /** @throws InvalidInput, TenantForbidden */
  #ask(name: string, query: DiscoveryQuery): KeyedQuestion {
    const { tenant_id, namespace, type, environment, selector, visibility, healthy = false } = query;
    if (lengthOf(name) > RESOURCE_NAME_LENGTH_MAX)
      throw InvalidInput.at('/name', 'too_long', `It has at most ${RESOURCE_NAME_LENGTH_MAX} characters.`);
    if (name.includes('\0')) throw InvalidInput.at('/name', 'nul_character', 'It holds the character NUL.');
    const tenant = readTenant(this.context.current.caller, tenant_id);
    const parts = [namespace, type, environment, visibility].map((words) => words && [...words].sort());
    return {
      key: JSON.stringify([name, tenant, healthy, selector ?? null, ...parts.map((part) => part ?? null)]),
      question: {
        ...{ name, tenant, wanted: healthy ? 'healthy' : 'all' },
        namespaces: namespace,
        types: type,
        environments: environment,
        visibilities: visibility,
        selector: selector === undefined ? undefined : parseSelector(selector),
      },
    };
  }
}

function give(
  { text, etag }: DiscoveryAnswer,
  known: string | undefined,
  reply: FastifyReply,
): string | undefined {
  reply.header('ETag', etag);
  if (noneMatchHits(known, etag)) {
    reply.code(NOT_MODIFIED);
    return undefined;
  }
  reply.type(JSON_TYPE);
  return text;
}
