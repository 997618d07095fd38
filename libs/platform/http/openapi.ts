import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { INestApplication } from '@nestjs/common';
import { SIGNED_URL } from './endpoint.js';
import { HotRoutes } from './hot-routes.js';
import type { HotRoute, JsonSchema } from './hot-routes.js';
import { QUESTION_MARK, describeRules } from './openapi-rules.js';
import { PATH_TOO_LONG, refusalResponse } from './refusal-responses.js';
import type { DocumentedResponse } from './refusal-responses.js';

type Node = Record<string, unknown>;

/** What the document says of the whole. */
export interface DocumentInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The OpenAPI 3.1 document of everything that is registered, hot routes included. The same input gives the same bytes. */
export function createDocument(app: INestApplication, info: DocumentInfo): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle(info.title)
    .setVersion(info.version)
    .setDescription(info.description)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This installation')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: `mst_…`.' })
    .addApiKey(
      {
        type: 'apiKey',
        in: 'query',
        name: 'token',
        description: 'Of a signed URL (`POST /signed-urls`): good for that URL alone.',
      },
      SIGNED_URL,
    );
  for (const [tag, description] of Object.entries(info.tags)) builder.addTag(tag, description);
  const hot = app.get(HotRoutes, { strict: false });
  const extraModels = hot.all.flatMap(({ returns }) => ('model' in returns ? [returns.model] : []));
  const document = SwaggerModule.createDocument(app, builder.build(), { extraModels });
  for (const route of hot.all) if (route.isUnlisted === undefined) addHotRoute(document, route);
  describeRules(document);
  for (const { url, allow, operation } of hot.questions)
    if (operation) addQuestion(document, url, { security: [{ bearer: [allow] }], ...operation });
  document.paths = Object.fromEntries(Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { openapi: _, info: about, servers, tags, ...rest } = toVersion31(document) as OpenAPIObject;
  return { openapi: '3.1.0', info: about, servers, tags, ...rest } as OpenAPIObject;
}

const pathOf = (url: string): string => url.replaceAll(/:([A-Za-z_]+)/g, '{$1}');

/** It changes nothing: there is no Idempotency-Key, and none of the other rules speaks of it. */
function addQuestion(document: OpenAPIObject, url: string, operation: Node): void {
  const item = (document.paths[pathOf(url)] ??= {});
  const responses = {
    ...(operation['responses'] as Node),
    ...(url.includes(':') && { [PATH_TOO_LONG]: refusalResponse(PATH_TOO_LONG) }), // Before any route has its say.
  };
  Object.assign(item, { post: { ...operation, responses } });
}

function addHotRoute(document: OpenAPIObject, route: HotRoute): void {
  const path = pathOf(route.url);
  const operation = {
    [QUESTION_MARK]: true,
    operationId: route.name,
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: [route.tag],
    ...(route.allow !== 'public' && { security: [{ bearer: [route.allow] }] }),
    parameters: [
      ...parametersOf(route.params, 'path'),
      ...parametersOf(route.query, 'query'),
      ...parametersOf(route.headers, 'header'),
    ],
    ...(route.body && {
      requestBody: { required: true, content: { 'application/json': { schema: route.body } } },
    }),
    responses: {
      200: { description: 'Done; the body tells.', content: contentOf(route.returns) },
      ...Object.fromEntries(route.refuses.map((status) => [status, otherwise(status)])),
    },
  };
  const item = (document.paths[path] ??= {});
  Object.assign(item, { [route.method.toLowerCase()]: operation });
}

function contentOf(returns: HotRoute['returns']): Node {
  if ('mediaType' in returns) return { [returns.mediaType]: {} };
  const name = 'model' in returns ? returns.model.name : returns.schema;
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

function otherwise(status: number): DocumentedResponse {
  if (status === 304) return { description: 'What you have is the present state.' };
  return refusalResponse(status);
}

function parametersOf(schema: JsonSchema | undefined, place: 'path' | 'query' | 'header'): Node[] {
  const properties = (schema?.['properties'] ?? {}) as Record<string, Node>;
  const required = (schema?.['required'] ?? []) as string[];
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

/** From the words of 3.0, which the decorators speak, to those of JSON Schema 2020-12. */
function toVersion31(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toVersion31);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, example, ...rest } = node as Node;
  const converted: Node = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, toVersion31(value)]),
  );
  if (example !== undefined) Object.assign(converted, isSchema(rest) ? { examples: [example] } : { example });
  return nullable === true ? orNull(converted) : converted;
}

const isSchema = (node: Node): boolean =>
  'type' in node || '$ref' in node || 'oneOf' in node || 'allOf' in node || 'enum' in node;

function orNull(schema: Node): Node {
  if (typeof schema['type'] === 'string' && !('allOf' in schema) && !('$ref' in schema)) {
    const choices = schema['enum'] as unknown[] | undefined;
    return { ...schema, type: [schema['type'], 'null'], ...(choices && { enum: [...choices, null] }) };
  }
  if (Array.isArray(schema['oneOf'])) return { ...schema, oneOf: [...schema['oneOf'], { type: 'null' }] };
  const { description, examples, ...rest } = schema;
  return {
    ...(description !== undefined && { description }),
    ...(examples !== undefined && { examples }),
    anyOf: [rest, { type: 'null' }],
  };
}
