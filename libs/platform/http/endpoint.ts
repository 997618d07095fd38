import { applyDecorators, HttpCode } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiProduces,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import type { ErrorKind } from '#shared-kernel';
import { ProblemResponse } from './problem.response.js';
import { STATUS_OF } from './problem.js';
import { ResourceResponse } from './resource-response.js';
import { RESOURCE_MARK } from './openapi-rules.js';
import type { RouteDeclaration } from './route-config.js';

type Class = abstract new (...args: never[]) => object;

/** Everything that a route promises. */
export interface EndpointOptions {
  /** The operationId: a method name for generated clients. */
  readonly name: string;
  /** One line, an imperative. */
  readonly summary: string;
  readonly description?: string;
  /** The permission that is needed, or `public`. */
  readonly allow: string;
  /** Defaults to 200. */
  readonly status?: number;
  /** What else it may answer when all is well, by status code. */
  readonly also?: Readonly<Record<number, string>>;
  readonly returns?: Class;
  /** The answer is a bare list of what it returns. */
  readonly returnsList?: boolean;
  /** For answers that are not JSON of one class: the media type. */
  readonly produces?: string;
  /** The kinds of refusal besides those that any route has. */
  readonly refuses?: readonly ErrorKind[];
  /** See RouteDeclaration. */
  readonly exact?: readonly string[];
  readonly streamed?: string;
}

const ALWAYS: readonly ErrorKind[] = ['invalid', 'unauthenticated', 'forbidden', 'unavailable'];

const MEANING: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The input breaks a rule; `errors` names each place.',
  unauthenticated: 'No credential, or one that is not valid.',
  forbidden: 'The credential does not reach this.',
  'not-found': 'There is no such thing, or not for this credential.',
  'method-not-allowed': 'The path takes other methods.',
  conflict: 'The state, or something that has the same name, stands against it.',
  gone: 'It was there, and is not any more.',
  stale: 'If-Match names another version than the present one.',
  'too-large': 'The body is larger than this route takes.',
  unsupported: 'The body has a media type that is not taken here.',
  unprocessable: 'Well-formed, and yet impossible.',
  'precondition-required': 'This installation requires If-Match.',
  limit: 'Too many requests; see Retry-After.',
  unavailable: 'A part that is needed is away; see Retry-After.',
};

/** Status, OpenAPI, every refusal and the permission of a route, in one place. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const {
    name,
    summary,
    description,
    allow,
    status = 200,
    also = {},
    returns,
    produces,
    refuses = [],
  } = options;
  const isResource = returns !== undefined && returns.prototype instanceof ResourceResponse;
  const declaration: RouteDeclaration = {
    allow,
    resource: isResource,
    ...(options.exact && { exact: options.exact }),
    ...(options.streamed !== undefined && { streamed: options.streamed }),
  };
  const kinds = [
    ...new Set([
      ...ALWAYS,
      ...refuses,
      ...(refuses.includes('stale') ? (['precondition-required'] as const) : []),
    ]),
  ];
  return applyDecorators(
    HttpCode(status),
    RouteConfig(declaration),
    ApiOperation({ operationId: name, summary, ...(description !== undefined && { description }) }),
    ApiResponse({
      status,
      description: status === 204 ? 'Done.' : 'Done; the body tells.',
      ...(returns && { type: returns as never, isArray: options.returnsList === true }),
    }),
    ...Object.entries(also).map(([code, text]) =>
      ApiResponse({
        status: Number(code),
        description: text,
        ...(returns && Number(code) < 300 && { type: returns as never }),
      }),
    ),
    ...(isResource ? [ApiExtension(RESOURCE_MARK, true)] : []),
    ...(produces === undefined ? [] : [ApiProduces(produces)]),
    ...(options.streamed === undefined
      ? []
      : [ApiConsumes(options.streamed), ApiBody({ schema: { type: 'string' }, required: true })]),
    ...(allow === 'public' ? [] : [ApiBearerAuth()]),
    ...(refuses.includes('stale')
      ? [
          ApiHeader({
            name: 'If-Match',
            required: false,
            description: 'The ETag that the change was decided on.',
            schema: { type: 'string', examples: ['"7"'] } as never,
          }),
        ]
      : []),
    ApiExtraModels(ProblemResponse),
    ...kinds.map((kind) => problemResponse(kind)),
  );
}

function problemResponse(kind: ErrorKind): MethodDecorator {
  return ApiResponse({
    status: STATUS_OF[kind],
    description: MEANING[kind],
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemResponse) } } },
  });
}
