import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Circumstances, FlagSet } from '#flag-evaluator';
import { Clock } from '#shared-kernel';
import { readTenant } from '#platform/context';
import { HotRoutes } from '#platform/http';
import { FlagUsage } from '../application/flag-usage.js';
import { LiveFlagSets } from '../application/live-flag-sets.js';
import { FlagNotFound } from '../domain/errors.js';
import { BULK_EVALUATE_BODY, EVALUATE_BODY } from './evaluation-body.js';
import type { BulkEvaluateBody, CircumstancesBody, EvaluateBody } from './evaluation-body.js';
import type { EvaluationResponse } from './evaluation.dto.js';
import { textOf, toResponse, toTraceStepResponse } from './evaluation.wire.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const NOT_FOUND = '"FLAG_NOT_FOUND"';

const EXPLAIN_QUERY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    explain: { type: 'string', enum: ['true', 'false'], description: 'Tell each step of the evaluation.' },
  },
};

/** Evaluates from memory: no promise and no look into the database once the flags of the tenant are loaded. */
@Injectable()
export class EvaluateRoute implements OnModuleInit {
  constructor(
    private readonly routes: HotRoutes,
    private readonly sets: LiveFlagSets,
    private readonly usage: FlagUsage,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const common = { method: 'POST', allow: 'flags:evaluate', tag: 'Feature flags' } as const;
    this.routes.add({
      ...common,
      url: '/api/v1/feature-flags/evaluate',
      name: 'evaluateFlag',
      summary: 'Evaluate a flag',
      description: 'For one caller, from memory. The tenant’s own flag, else the shared one.',
      query: EXPLAIN_QUERY,
      body: EVALUATE_BODY,
      returns: { schema: 'EvaluationResponse' },
      refuses: [404, 413, 415],
      handle: (request, reply) =>
        this.#withSet(request, reply, (set, at) => this.#evaluate(request, reply, set, at)),
    });
    this.routes.add({
      ...common,
      url: '/api/v1/feature-flags/evaluate/bulk',
      name: 'evaluateFlags',
      summary: 'Evaluate many flags, or all of them',
      description: 'For one caller, from memory. What is wrong with one flag never fails the others.',
      body: BULK_EVALUATE_BODY,
      returns: { schema: 'BulkEvaluationResponse' },
      refuses: [413, 415],
      handle: (request, reply) =>
        this.#withSet(request, reply, (set, at) => this.#evaluateMany(request, reply, set, at)),
    });
  }

  /** At once when the flags are in memory. @throws TenantForbidden, InvalidInput */
  #withSet<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    answer: (set: FlagSet, at: Circumstances) => T,
  ): T | Promise<T> {
    const { tenant_id, environment = null } = request.body as CircumstancesBody;
    const tenant = readTenant(request.call.caller, tenant_id);
    const set = this.sets.of(tenant);
    if (set === undefined) {
      return this.sets.load(tenant).then((loaded) => answer(loaded, this.#at(tenant, environment, reply)));
    }
    return answer(set, this.#at(tenant, environment, reply));
  }

  #at(tenant: string | null, environment: string | null, reply: FastifyReply): Circumstances {
    if (this.sets.mayBeOld) reply.header('X-Metastore-Stale', 'true');
    return { tenant, environment, now: this.clock.now().getTime() };
  }

  /** @throws FlagNotFound */
  #evaluate(
    request: FastifyRequest,
    reply: FastifyReply,
    set: FlagSet,
    at: Circumstances,
  ): string | EvaluationResponse {
    const { name, context } = request.body as EvaluateBody;
    const { explain } = request.query as { explain?: 'true' | 'false' };
    if (explain === 'true') return this.#explain(request, set, at);
    const evaluation = set.evaluate(name, context, at);
    if (evaluation === undefined) throw new FlagNotFound();
    this.usage.count(evaluation, at.tenant, name, at.now);
    reply.header('Content-Type', JSON_TYPE);
    return textOf(evaluation, set, name).whole;
  }

  /** Looking into an evaluation is not using the flag: it is not counted. @throws FlagNotFound */
  #explain(request: FastifyRequest, set: FlagSet, at: Circumstances): EvaluationResponse {
    const { name, context } = request.body as EvaluateBody;
    const explanation = set.explain(name, context, at);
    if (explanation === undefined) throw new FlagNotFound();
    const { evaluation, trace } = explanation;
    return { ...toResponse(evaluation, set, name), trace: trace.map(toTraceStepResponse) };
  }

  /** Put together from texts that lie ready. */
  #evaluateMany(request: FastifyRequest, reply: FastifyReply, set: FlagSet, at: Circumstances): string {
    const { flags, context } = request.body as BulkEvaluateBody;
    const names = flags ? new Set(flags) : set.flags.map(({ name }) => name);
    const values: string[] = [];
    const details: string[] = [];
    const errors: string[] = [];
    for (const name of names) {
      const evaluation = set.evaluate(name, context, at);
      if (evaluation === undefined) {
        errors.push(`${JSON.stringify(name)}:${NOT_FOUND}`);
        continue;
      }
      this.usage.count(evaluation, at.tenant, name, at.now);
      const text = textOf(evaluation, set, name);
      values.push(`${text.name}:${text.value}`);
      details.push(`${text.name}:${text.whole}`);
      if (text.errorCode !== null) errors.push(`${text.name}:${text.errorCode}`);
    }
    reply.header('Content-Type', JSON_TYPE);
    return `{"values":{${values.join(',')}},"details":{${details.join(',')}},"errors":{${errors.join(',')}}}`;
  }
}
