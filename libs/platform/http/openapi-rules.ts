import type { OpenAPIObject } from '@nestjs/swagger';
import { STATUS_OF } from './problem.js';
import { FAULT, PATH_TOO_LONG, refusalResponse } from './refusal-responses.js';
import type { DocumentedResponse } from './refusal-responses.js';
import { TEXT_TYPES } from './text-body.js';

/** Marks operations whose answer is one versioned resource; it does not stay in the document. */
export const RESOURCE_MARK = 'x-resource';
/** Marks operations that change nothing, whatever their method: asked again they answer anew. It does not stay either. */
export const QUESTION_MARK = 'x-question';

interface Operation {
  [RESOURCE_MARK]?: boolean;
  [QUESTION_MARK]?: boolean;
  parameters?: Parameter[];
  /** Absent: anybody may. */
  security?: unknown;
  requestBody?: {
    required?: boolean;
    content: Record<string, { schema?: { $ref?: string; type?: string } }>;
  };
  responses: Record<string, DocumentedResponse>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Record<string, unknown>;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
type Method = (typeof METHODS)[number];
const ETAG = { description: 'The version in quotes.', schema: { type: 'string', examples: ['"7"'] } };
const LOCATION = { description: 'Where the resource is.', schema: { type: 'string' } };

/** Writes into the document what the platform does for every route, so that no route has to say it. */
export function describeRules(document: OpenAPIObject): void {
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (!operation) continue;
      describeBody(operation, document.components?.schemas ?? {});
      describeOperation(method, operation);
    }
  }
}

function describeOperation(method: Method, operation: Operation): void {
  operation.parameters = (operation.parameters ?? []).map(withIdFormat);
  if (method === 'post' && operation[QUESTION_MARK] !== true) describeRetries(operation);
  if (method === 'patch') describeMergePatch(operation);
  if (operation[RESOURCE_MARK] === true) describeResource(method, operation);
  delete operation[RESOURCE_MARK];
  delete operation[QUESTION_MARK];
  if (method === 'get' && '304' in operation.responses) describeRevalidation(operation);
  if (method === 'put' && '201' in operation.responses) describeCreateOnly(operation);
  for (const status of refusedBy(method, operation)) operation.responses[status] ??= refusalResponse(status);
  operation.responses = Object.fromEntries(
    Object.entries(operation.responses).sort(([one], [other]) => Number(one) - Number(other)),
  );
}

/** What the platform refuses before a handler has its say, and the fault that any may have. */
function refusedBy(method: Method, { security, parameters = [] }: Operation): number[] {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  return [
    STATUS_OF.invalid,
    FAULT,
    ...(security ? [STATUS_OF.unauthenticated, STATUS_OF.forbidden, STATUS_OF.unavailable] : []),
    ...(inPath.length > 0 ? [PATH_TOO_LONG] : []),
    ...(inPath.some(({ name }) => name === 'id') ? [STATUS_OF['not-found']] : []),
    ...(method === 'get' ? [] : [STATUS_OF['too-large'], STATUS_OF.unsupported]), // Whatever it does with a body, one is read.
  ];
}

/** Whoever may leave out each member of a body may leave out the body. */
function describeBody({ requestBody }: Operation, schemas: Readonly<Record<string, object>>): void {
  const name = requestBody?.content['application/json']?.schema?.$ref?.split('/').at(-1);
  const { required } = (schemas[name ?? ''] ?? { required: true }) as { required?: unknown };
  if (requestBody) requestBody.required = required !== undefined;
  for (const mediaType of TEXT_TYPES) {
    const content = requestBody?.content[mediaType];
    if (content && content.schema?.type !== 'string') content.schema = { type: 'string' }; // How large a file may be stays.
  }
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
    ...refusalResponse(STATUS_OF.conflict),
    description: 'The first request with this Idempotency-Key is still running.',
  };
  responses[STATUS_OF.unprocessable] ??= {
    ...refusalResponse(STATUS_OF.unprocessable),
    description: 'The Idempotency-Key was used with another request.',
  };
}

/** A merge patch of a resource has the form of the resource, so that plain JSON is taken for it, too. */
function describeMergePatch({ requestBody }: Operation): void {
  const plain = requestBody?.content['application/json'];
  if (plain !== undefined)
    Object.assign(requestBody?.content ?? {}, { 'application/merge-patch+json': plain });
}

function describeResource(method: Method, { responses }: Operation): void {
  for (const [status, response] of Object.entries(responses)) {
    if (!status.startsWith('2')) continue;
    response.headers = { ETag: ETAG, ...(status === '201' && { Location: LOCATION }) };
  }
  if (method === 'get') responses['304'] = { description: 'What the caller has is the present state.' };
}

/** Whatever may be answered with 304. */
function describeRevalidation({ parameters, responses }: Operation): void {
  parameters?.push({
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The ETag of what the caller has.',
    schema: { type: 'string', examples: ['"7"'] },
  });
  for (const status of ['200', '304']) {
    const response = responses[status];
    if (response) response.headers = { ...response.headers, ETag: ETAG };
  }
}

/** Whatever is either made or replaced by the same request. */
function describeCreateOnly({ parameters }: Operation): void {
  parameters?.push({
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: '`*` creates, and replaces nothing: what is there already is refused with 412.',
    schema: { type: 'string', enum: ['*'] },
  });
}
