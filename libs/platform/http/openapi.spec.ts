import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApiExtraModels } from '@nestjs/swagger';
import { Endpoint } from './endpoint.js';
import { AnyJson, AnyOf, Choice, FreeObject, Instant, ListOf, Nested, Text, Whole } from './fields.js';
import { HotRoutes } from './hot-routes.js';
import { createDocument } from './openapi.js';
import { ResourceResponse } from './resource-response.js';
import { createAdapter } from './server.js';

type Node = Readonly<Record<string, unknown>>;

class Part {
  @Text()
  readonly name!: string;
}

class Everything extends ResourceResponse {
  @Text({ example: 'a', description: 'Words.' })
  readonly text!: string;

  @Text({ nullable: true, max: 5, example: null })
  readonly textOrNull!: string | null;

  @Choice(['a', 'b'], { nullable: true })
  readonly choiceOrNull!: string | null;

  @Whole({ nullable: true, min: 1, example: 7 })
  readonly wholeOrNull!: number | null;

  @Instant({ nullable: true, optional: true })
  readonly instantOrNull?: string | null;

  @AnyJson({ optional: true, example: { nullable: true, example: 1 } })
  readonly anything?: unknown;

  @Nested(() => Part)
  readonly part!: Part;

  @Nested(() => Part, { nullable: true, description: 'Perhaps.' })
  readonly partOrNull!: Part | null;

  @ListOf(() => Part, { nullable: true })
  readonly partsOrNull!: Part[] | null;

  @FreeObject({ nullable: true })
  readonly freeOrNull!: object | null;
}

class Filter {
  @AnyOf({ choices: ['x', 'y'] })
  readonly any?: string[];
}

@ApiExtraModels(Filter)
@Controller({ path: 'zebras' })
class ZebraController {
  @Get(':id')
  @Endpoint({
    name: 'getZebra',
    summary: 'One',
    allow: 'public',
    returns: Everything,
    refuses: ['not-found'],
  })
  one(@Param('id') id: string): string {
    return id;
  }

  @Post()
  @Endpoint({ name: 'createZebra', summary: 'New', allow: 'public', status: 201, returns: Everything })
  make(): null {
    return null;
  }
}

@Module({ controllers: [ZebraController], providers: [HotRoutes] })
class ZooModule {}

const INFO = { title: 'Zoo', version: '7', description: 'Animals.', tags: { Zebras: 'Striped.' } };
let app: INestApplication;
let document: Node;

const at = (...path: string[]): unknown =>
  path.reduce<unknown>((node, step) => (node as Node | undefined)?.[step], document);
const property = (name: string): unknown => at('components', 'schemas', 'Everything', 'properties', name);

/** Every object of the document, from the outside in. */
function nodesOf(node: unknown): Node[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = Array.isArray(node) ? [] : [node as Node];
  return [...own, ...Object.values(node).flatMap(nodesOf)];
}

beforeAll(async () => {
  app = await NestFactory.create(ZooModule, createAdapter(), { logger: false });
  app.get(HotRoutes).add({
    method: 'GET',
    url: '/ants/:ant_id/legs',
    allow: 'public',
    name: 'getLegs',
    tag: 'Ants',
    summary: 'Legs',
    params: { type: 'object', properties: { ant_id: { type: 'string', description: 'Which.' } } },
    query: { type: 'object', properties: { side: { type: 'string' } }, required: ['side'] },
    returns: { schema: 'Everything' },
    refuses: [304, 404],
    handle: () => null,
  });
  document = JSON.parse(JSON.stringify(createDocument(app, INFO))) as Node;
});

afterAll(() => app.close());

describe('the document', () => {
  it('is of OpenAPI 3.1, and says so first', () => {
    expect(Object.keys(document).slice(0, 2)).toEqual(['openapi', 'info']);
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Zoo', version: '7', description: 'Animals.' },
      tags: [{ name: 'Zebras', description: 'Striped.' }],
    });
  });

  it('has its paths in alphabetical order, hot ones among them', () => {
    expect(Object.keys(at('paths') as Node)).toEqual(['/ants/{ant_id}/legs', '/zebras', '/zebras/{id}']);
  });

  it('is the same, byte for byte, when it is made again', () => {
    expect(JSON.stringify(createDocument(app, INFO))).toBe(JSON.stringify(document));
  });

  it('refers to nothing that it does not have', () => {
    const refs = nodesOf(document).flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    expect(refs.length).toBeGreaterThan(3);
    expect(refs.filter((ref) => at(...ref.slice('#/'.length).split('/')) === undefined)).toEqual([]);
  });
});

describe('a schema', () => {
  it('says with a type what 3.0 says with nullable', () => {
    expect(property('textOrNull')).toMatchObject({ type: ['string', 'null'], maxLength: 5 });
    expect(property('wholeOrNull')).toMatchObject({ type: ['integer', 'null'], minimum: 1 });
    expect(property('instantOrNull')).toMatchObject({ type: ['string', 'null'], format: 'date-time' });
    expect(property('freeOrNull')).toEqual({ type: ['object', 'null'], additionalProperties: true });
    expect(property('partsOrNull')).toEqual({
      type: ['array', 'null'],
      items: { $ref: '#/components/schemas/Part' },
    });
  });

  it('has null among its choices when it may be null', () => {
    expect(property('choiceOrNull')).toEqual({ type: ['string', 'null'], enum: ['a', 'b', null] });
  });

  it('takes null beside the alternatives that it has', () => {
    const { oneOf } = property('anything') as { oneOf: Node[] };
    expect(oneOf.map(({ type }) => type)).toEqual(['object', 'array', 'string', 'number', 'boolean', 'null']);
  });

  it('takes null beside what it refers to', () => {
    expect(property('part')).toEqual({ $ref: '#/components/schemas/Part' });
    const { description, anyOf, ...rest } = property('partOrNull') as { description: string; anyOf: Node[] };
    expect(description).toBe('Perhaps.');
    expect(anyOf).toContainEqual({ type: 'null' });
    expect(JSON.stringify(anyOf)).toContain('"$ref":"#/components/schemas/Part"');
    expect(rest).toEqual({}); // Whatever else there were would have to take null, too.
  });

  it('has a list of examples in place of the one', () => {
    expect(property('text')).toEqual({ type: 'string', description: 'Words.', examples: ['a'] });
    expect(property('wholeOrNull')).toMatchObject({ examples: [7] });
    expect(property('textOrNull')).toMatchObject({ examples: [null] });
  });

  it('leaves an example as it is, also one that looks like a schema', () => {
    expect(property('anything')).toMatchObject({ examples: [{ nullable: true, example: 1 }] });
  });

  it('has no word of 3.0 left outside of examples', () => {
    const schemas = nodesOf(JSON.parse(JSON.stringify(at('components', 'schemas'), withoutExamples)));
    expect(schemas.filter((node) => 'nullable' in node && typeof node['nullable'] === 'boolean')).toEqual([]);
    expect(schemas.filter((node) => 'example' in node)).toEqual([]);
  });
});

const withoutExamples = (key: string, value: unknown): unknown => (key === 'examples' ? undefined : value);

describe('an operation', () => {
  it('declares what any route refuses, and what it refuses itself', () => {
    expect(Object.keys(at('paths', '/zebras/{id}', 'get', 'responses') as Node)).toEqual([
      '200',
      '304',
      '400',
      '401',
      '403',
      '404',
      '503',
    ]);
  });

  it('that is a POST declares what an Idempotency-Key may be refused for', () => {
    const { parameters, responses } = at('paths', '/zebras', 'post') as {
      parameters: Node[];
      responses: Record<string, { headers?: object }>;
    };
    expect(parameters.map(({ name }) => name)).toEqual(['Idempotency-Key']);
    expect(Object.keys(responses)).toEqual(['201', '400', '401', '403', '409', '422', '503']);
    expect(Object.keys(responses['201']?.headers ?? {})).toEqual(['ETag', 'Location']);
  });

  it('does not show how it was marked', () => {
    expect(nodesOf(document).filter((node) => 'x-resource' in node)).toEqual([]);
  });

  it('on a hot route says the same as any other', () => {
    expect(at('paths', '/ants/{ant_id}/legs', 'get')).toMatchObject({
      operationId: 'getLegs',
      tags: ['Ants'],
      parameters: [
        { name: 'ant_id', in: 'path', required: true, description: 'Which.', schema: { type: 'string' } },
        { name: 'side', in: 'query', required: true, schema: { type: 'string' } },
      ],
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Everything' } } } },
        304: { description: 'What you have is the present state.' },
        404: { content: { 'application/problem+json': {} } },
      },
    });
  });
});

it('names the choices of a filter that takes several', () => {
  expect(at('components', 'schemas', 'Filter', 'properties', 'any')).toEqual({
    type: 'array',
    items: { type: 'string', enum: ['x', 'y'] },
  });
});
