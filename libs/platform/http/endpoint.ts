import { applyDecorators, HttpCode } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBody,
  ApiConsumes,
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  getSchemaPath,
} from '@nestjs/swagger';
import type { ErrorKind } from '#shared-kernel';
import { ProblemResponse } from './problem.response.js';
import { STATUS_OF } from './problem.js';
import { refusalResponse } from './refusal-responses.js';
import { ResourceResponse } from './resource-response.js';
import { RESOURCE_MARK } from './openapi-rules.js';
import type { RouteDeclaration } from './route-config.js';

const NO_CONTENT = 204;
/** What the OpenAPI document calls the credential of a signed URL. */
export const SIGNED_URL = 'signed_url';

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
  /** With which other status codes it may give the same kind of answer. */
  readonly also?: Readonly<Record<number, string>>;
  readonly returns?: Class;
  /** What `?dry_run=true` answers instead, with 200. */
  readonly rehearses?: Class;
  /** The answer is a bare list of what it returns. */
  readonly returnsList?: boolean;
  /** For answers that are not JSON of one class: the media type, or those that there are. */
  readonly produces?: string | readonly string[];
  /** The kinds of refusal besides those that follow from what the route is; see openapi-rules.ts. */
  readonly refuses?: readonly ErrorKind[];
  /** See RouteDeclaration. */
  readonly exact?: readonly string[];
  readonly streamed?: string;
  readonly texts?: RouteDeclaration['texts'];
  readonly lists?: true;
  readonly file?: RouteDeclaration['file'];
  readonly signable?: true;
}

/** Status, OpenAPI, every refusal and the permission of a route, in one place. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const { name, summary, description, allow, status = 200, returns, refuses = [] } = options;
  const isResource = returns !== undefined && returns.prototype instanceof ResourceResponse;
  const declaration: RouteDeclaration = {
    allow,
    resource: isResource,
    ...(options.exact && { exact: options.exact }),
    ...(options.streamed !== undefined && { streamed: options.streamed }),
    ...(options.texts && { texts: options.texts }),
    ...(options.lists && { lists: options.lists }),
    ...(options.file && { file: options.file }),
    ...(options.signable && { signable: options.signable }),
  };
  const kinds: ErrorKind[] = [
    ...refuses,
    ...(refuses.includes('stale') ? (['precondition-required'] as const) : []),
  ];
  return applyDecorators(
    HttpCode(status),
    RouteConfig(declaration),
    ApiOperation({ operationId: name, summary, ...(description !== undefined && { description }) }),
    ...answersOf(options),
    ...(isResource ? [ApiExtension(RESOURCE_MARK, true)] : []),
    ...(options.texts ? [ApiConsumes('application/json', ...options.texts)] : []),
    ...(options.streamed === undefined
      ? []
      : [ApiConsumes(options.streamed), ApiBody({ schema: { type: 'string' }, required: true })]),
    ...(options.file === undefined
      ? []
      : [
          ApiConsumes(...options.file.types),
          ApiBody({ schema: { type: 'string', maxLength: options.file.bytesMax }, required: true }),
        ]),
    ...(allow === 'public' ? [] : [ApiSecurity('bearer', [allow])]),
    ...(options.signable ? [ApiSecurity(SIGNED_URL, [allow])] : []),
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
    ...kinds.map((kind) =>
      ApiResponse({ status: STATUS_OF[kind], ...refusalResponse(STATUS_OF[kind]) } as never),
    ),
  );
}

/** One of the answers, in the words of the OpenAPI document. */
interface Answer {
  readonly description: string;
  readonly type?: Class;
  readonly [keyword: string]: unknown;
}

function answersOf({
  status = 200,
  also = {},
  returns,
  returnsList = false,
  produces,
  rehearses,
}: EndpointOptions): MethodDecorator[] {
  const answer = { ...(returns && { type: returns, isArray: returnsList }) };
  const kept = { ...(produces !== undefined && { content: textsOf([produces].flat()) }) };
  const answers: Record<number, Answer> = {
    [status]: { description: status === NO_CONTENT ? 'Done.' : 'Done; the body tells.', ...answer, ...kept },
    ...Object.fromEntries(
      Object.entries(also).map(([code, description]) => [
        code,
        { description, ...(returns && Number(code) !== NO_CONTENT && { type: returns }) },
      ]),
    ),
  };
  if (rehearses) answers[200] = rehearsal(rehearses, answers[200]);
  return [
    ...(rehearses ? [ApiExtraModels(...([rehearses, returns ?? rehearses] as never[]))] : []),
    ...Object.entries(answers).map(([code, said]) => ApiResponse({ status: Number(code), ...said } as never)),
  ];
}

const textsOf = (mediaTypes: readonly string[]): object =>
  Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: writtenAs(mediaType) }]));

/** JSON is not the text that carries it. */
const writtenAs = (mediaType: string): object =>
  mediaType === 'application/json' ? { type: 'object', additionalProperties: true } : { type: 'string' };

/** What a rehearsal answers, beside what else is answered with 200. */
function rehearsal(rehearses: Class, other: Answer | undefined): Answer {
  const models = [...(other?.type ? [other.type] : []), rehearses];
  return {
    description: [...(other ? [other.description] : []), 'With dry_run: what would happen.'].join(' '),
    schema: { anyOf: models.map((model) => ({ $ref: getSchemaPath(model as never) })) },
  };
}
