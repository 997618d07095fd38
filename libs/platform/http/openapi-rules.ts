import type { OpenAPIObject } from '@nestjs/swagger';
import { STATUS_OF } from './problem.js';

/** Marks operations whose answer is one versioned resource; it does not stay in the document. */
export const RESOURCE_MARK = 'x-resource';

interface Operation {
  [RESOURCE_MARK]?: boolean;
  parameters?: Parameter[];
  responses: Record<string, { description: string; headers?: Record<string, unknown>; content?: unknown }>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Record<string, unknown>;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemResponse' } } };

/** Writes into the document what the platform does for every route, so that no route has to say it. */
export function describeRules(document: OpenAPIObject): void {
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (operation) describeOperation(method, operation);
    }
  }
}

function describeOperation(method: (typeof METHODS)[number], operation: Operation): void {
  operation.parameters = (operation.parameters ?? []).map(withIdFormat);
  if (method === 'post') describeRetries(operation);
  if (operation[RESOURCE_MARK] === true) describeResource(method, operation);
  delete operation[RESOURCE_MARK];
  operation.responses = Object.fromEntries(
    Object.entries(operation.responses).sort(([a], [b]) => Number(a) - Number(b)),
  );
}

function withIdFormat(parameter: Parameter): Parameter {
  if (parameter.in !== 'path' || parameter.name !== 'id') return parameter;
  return { ...parameter, description: 'The id of the resource.', schema: { type: 'string', format: 'uuid' } };
}

function describeRetries({ parameters, responses }: Operation): void {
  parameters?.push({
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Makes the request happen once: for 24 hours the first response is given again.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  });
  responses[STATUS_OF.conflict] ??= {
    description: 'The first request with this Idempotency-Key is still running.',
    content: PROBLEM,
  };
  responses[STATUS_OF.unprocessable] ??= {
    description: 'The Idempotency-Key was used with another request.',
    content: PROBLEM,
  };
}

function describeResource(method: string, { parameters, responses }: Operation): void {
  const etag = { description: 'The version in quotes.', schema: { type: 'string', examples: ['"7"'] } };
  for (const [status, response] of Object.entries(responses)) {
    if (!status.startsWith('2')) continue;
    const location = { description: 'Where the resource is.', schema: { type: 'string' } };
    response.headers = { ETag: etag, ...(status === '201' && { Location: location }) };
  }
  if (method !== 'get') return;
  parameters?.push({
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of what the caller has.',
    schema: { type: 'string', examples: ['"7"'] },
  });
  responses['304'] = { description: 'What the caller has is the present state.', headers: { ETag: etag } };
}
