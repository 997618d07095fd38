import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { HotRoutes, noneMatchHits, preferenceApplied, toInstant, waitSecondsOf } from '#platform/http';
import type { Recall } from '#platform/http';
import type { EffectiveQuestion } from '../application/effective.queries.js';
import { LiveEffective } from '../application/live-effective.js';
import {
  configurationName,
  ENVIRONMENT,
  ENVIRONMENT_LENGTH_MAX,
  environmentName,
  NAME,
  NAME_LENGTH_MAX,
  serviceId,
} from '../domain/identity.js';
import { EffectiveAnswers } from './effective-answers.js';
import type { EffectiveAnswer } from './effective-answers.js';
import { EffectiveReports } from './effective-reports.js';
import { EffectiveResponse } from './effective.dto.js';
import { EffectiveWaits } from './effective-waits.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const NOT_MODIFIED = 304;

interface EffectiveQuery {
  readonly environment: string;
  readonly tenant_id?: string;
  readonly name?: string;
  readonly at?: string;
  readonly resolve_secrets?: 'true' | 'false';
  readonly explain?: 'true' | 'false';
}

const A_NAME = { type: 'string', maxLength: NAME_LENGTH_MAX, pattern: NAME.source };
const PARAMS = {
  type: 'object',
  properties: { service_id: { ...A_NAME, description: 'The service that reads.' } },
  required: ['service_id'],
};
const QUERY = {
  type: 'object',
  additionalProperties: false,
  required: ['environment'],
  properties: {
    environment: {
      type: 'string',
      maxLength: ENVIRONMENT_LENGTH_MAX,
      pattern: ENVIRONMENT.source,
      description: 'Where it runs; `base` asks for what lies under all environments alone.',
    },
    tenant_id: {
      type: 'string',
      maxLength: 63,
      description:
        'The tenant whose layers lie over the shared ones. Absent: the one of the credential, else none.',
    },
    name: { ...A_NAME, description: 'One document alone.' },
    at: {
      type: 'string',
      format: 'date-time',
      description:
        'An instant. In the past: by what was stored then. In the future: by what is stored now. Absent: now.',
    },
    resolve_secrets: {
      type: 'string',
      enum: ['true', 'false'],
      description: 'Put secrets in the places of their references; needs secrets:read, and is written down.',
    },
    explain: {
      type: 'string',
      enum: ['true', 'false'],
      description: 'Tell of each value where it comes from.',
    },
  },
};
const HEADERS = {
  type: 'object',
  properties: {
    Prefer: {
      type: 'string',
      description:
        '`wait=N`: with `If-None-Match`, wait up to N seconds (at most 55) until the answer is another one.',
      examples: ['wait=30'],
    },
  },
};
const DESCRIPTION = [
  'Shared base, shared environment, tenant base and tenant environment, each with what is temporary above what is not,',
  'are merged in this order, and references are put in. Answered from memory, but for `at`, `explain` and `resolve_secrets`.',
  'With `Prefer: wait=N` (up to 55 seconds) and `If-None-Match` the answer comes as soon as it is another one than the caller has.',
].join(' ');

/** The hot read: what a service gets, from memory. */
@Injectable()
export class EffectiveRoute implements OnModuleInit {
  constructor(
    private readonly routes: HotRoutes,
    private readonly live: LiveEffective,
    private readonly answers: EffectiveAnswers,
    private readonly waits: EffectiveWaits,
    private readonly reports: EffectiveReports,
    private readonly context: CallContext,
  ) {}

  onModuleInit(): void {
    this.routes.add({
      method: 'GET',
      url: '/api/v1/configurations/effective/:service_id',
      allow: 'configurations:read',
      name: 'getEffectiveConfiguration',
      tag: 'Configuration',
      summary: 'Get what a service gets',
      description: DESCRIPTION,
      params: PARAMS,
      query: QUERY,
      headers: HEADERS,
      returns: { model: EffectiveResponse },
      refuses: [NOT_MODIFIED, 404, 410, 502],
      handle: (request, reply) => this.#answer(request, reply),
      recall: (request) => this.#recall(request),
    });
  }

  /** Without a promise when the bytes are in memory and nobody waits. */
  #answer(request: FastifyRequest, reply: FastifyReply): string | Promise<string> {
    const { query, question } = readQuestion(request);
    if (isForReport(query)) return this.#report(query, question, request, reply);
    const seconds = waitSecondsOf(request.headers);
    if (seconds !== null) {
      reply.header('Preference-Applied', preferenceApplied(seconds));
      return this.#answerLater(question, seconds, request, reply);
    }
    const answer = this.answers.peek(question);
    if (answer) return this.#give(answer, request, reply);
    return this.answers.get(question).then((made) => this.#give(made, request, reply));
  }

  async #answerLater(
    question: EffectiveQuestion,
    seconds: number,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    const answer = await this.answers.get(question);
    const known = request.headers['if-none-match'];
    if (known === undefined || !noneMatchHits(known, answer.etag) || seconds === 0)
      return this.#give(answer, request, reply);
    const waiting = this.waits.enter(question, known, seconds);
    if (!waiting) return this.#give(answer, request, reply);
    reply.raw.once('close', waiting.leave);
    return this.#give((await waiting.state) ?? answer, request, reply);
  }

  /** The same question again: only an answer whose bytes are in memory. */
  #recall(request: FastifyRequest): Recall | null {
    const { query, question } = readQuestion(request);
    if (isForReport(query)) return null;
    return (caller, headers) => {
      if (this.live.mayBeOld || headers.prefer !== undefined) return null;
      const tenant = readTenant(caller, query.tenant_id);
      const answer = this.answers.peek({ ...question, tenant });
      if (!answer) return null;
      const { etag, text, bytes } = answer;
      const isKnown = noneMatchHits(headers['if-none-match'], etag);
      return { etag, contentType: JSON_TYPE, body: text, bytes, isKnown };
    };
  }

  #give({ etag, text }: EffectiveAnswer, request: FastifyRequest, reply: FastifyReply): string {
    if (this.live.mayBeOld) reply.header('X-Metastore-Stale', 'true');
    reply.header('ETag', etag);
    if (noneMatchHits(request.headers['if-none-match'], etag)) {
      reply.code(NOT_MODIFIED);
      return '';
    }
    reply.header('Content-Type', JSON_TYPE);
    return text;
  }

  /** Not hot: it is read from the database, and what shows secrets is written down. */
  async #report(
    query: EffectiveQuery,
    question: EffectiveQuestion,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string> {
    const { response, isTagged } = await this.context.run(request.call, () =>
      this.reports.report(
        question,
        { isExplained: query.explain === 'true', isResolved: query.resolve_secrets === 'true' },
        reply,
      ),
    );
    const etag = `"${response.version_tag}"`;
    if (isTagged) {
      reply.header('ETag', etag);
      if (noneMatchHits(request.headers['if-none-match'], etag)) {
        reply.code(NOT_MODIFIED);
        return '';
      }
    }
    reply.header('Content-Type', JSON_TYPE);
    return JSON.stringify(response);
  }
}

const isForReport = ({ at, explain, resolve_secrets }: EffectiveQuery): boolean =>
  at !== undefined || explain === 'true' || resolve_secrets === 'true';

/** What a request asks for. @throws InvalidInput, TenantForbidden */
function readQuestion(request: FastifyRequest): { query: EffectiveQuery; question: EffectiveQuestion } {
  const { service_id } = request.params as { service_id: string };
  const query = request.query as EffectiveQuery;
  const question = {
    service: serviceId(service_id),
    environment: environmentName(query.environment),
    tenant: readTenant(request.call.caller, query.tenant_id),
    name: query.name === undefined ? null : configurationName(query.name),
    at: query.at === undefined ? null : toInstant(query.at, '/at'),
  };
  return { query, question };
}
