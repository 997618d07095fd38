import { InvalidInput } from '#shared-kernel';
import type { EvaluationContext } from '#flag-evaluator';
import { readTenant } from '#platform/context';
import type { Caller } from '#platform/context';
import { decodeUtf8, parseJson } from '#platform/http';
import { OfrepFailure } from './ofrep-failure.js';

/** For whom and where flags are asked for. */
export interface OfrepQuestion {
  readonly context: EvaluationContext;
  readonly tenant: string | null;
  readonly environment: string | null;
}

const NOTHING: EvaluationContext = {};
const ENVIRONMENT_LENGTH_MAX = 255;

/**
 * Reads the body of a request. An empty one asks with an empty context; members besides `context` are left alone, because
 * later versions of the protocol may have more.
 * @throws OfrepFailure, TenantForbidden
 */
export function readQuestion(body: Buffer, caller: Caller): OfrepQuestion {
  const context = body.length === 0 ? NOTHING : contextOf(parse(body));
  return { context, tenant: tenantOf(context, caller), environment: environmentOf(context) };
}

function parse(body: Buffer): unknown {
  try {
    return parseJson(decodeUtf8(body));
  } catch (error) {
    if (error instanceof InvalidInput) throw new OfrepFailure('PARSE_ERROR', error.message);
    throw error;
  }
}

function contextOf(body: unknown): EvaluationContext {
  if (!isObject(body)) throw new OfrepFailure('PARSE_ERROR', 'The body is a JSON object.');
  const { context } = body;
  if (context === undefined || context === null) return NOTHING;
  if (!isObject(context)) throw new OfrepFailure('INVALID_CONTEXT', 'The context is a JSON object.');
  return context;
}

/** @throws TenantForbidden */
function tenantOf({ tenant_id: named }: EvaluationContext, caller: Caller): string | null {
  if (named === undefined || named === null) return caller.tenant;
  if (typeof named !== 'string') throw new OfrepFailure('INVALID_CONTEXT', 'The tenant_id is a text.');
  try {
    return readTenant(caller, named);
  } catch (error) {
    if (error instanceof InvalidInput) throw new OfrepFailure('INVALID_CONTEXT', error.message);
    throw error;
  }
}

function environmentOf({ environment }: EvaluationContext): string | null {
  if (environment === undefined || environment === null) return null;
  if (typeof environment !== 'string' || environment === '' || environment.length > ENVIRONMENT_LENGTH_MAX) {
    const details = `The environment is a text of 1 to ${ENVIRONMENT_LENGTH_MAX} characters.`;
    throw new OfrepFailure('INVALID_CONTEXT', details);
  }
  return environment;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
