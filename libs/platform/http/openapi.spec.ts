import type { INestApplication } from '@nestjs/common';
import { createDocument } from './openapi.js';
import { INFO, nodeAt, nodesOf, openZoo } from './testing/zoo.js';
import type { Node } from './testing/zoo.js';

let app: INestApplication;
let document: Node;

const at = (...path: string[]): unknown => nodeAt(document, path);
const property = (name: string): unknown => at('components', 'schemas', 'Everything', 'properties', name);

beforeAll(async () => {
  app = await openZoo();
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
    expect(Object.keys(at('paths') as Node)).toEqual([
      '/ants/{ant_id}/legs',
      '/zebras',
      '/zebras/{id}',
      '/zebras/{id}/food',
    ]);
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

it('names the choices of a filter that takes several', () => {
  expect(at('components', 'schemas', 'Filter', 'properties', 'any')).toEqual({
    type: 'array',
    items: { type: 'string', enum: ['x', 'y'] },
  });
});
