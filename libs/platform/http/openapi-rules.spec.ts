import type { INestApplication } from '@nestjs/common';
import { createDocument } from './openapi.js';
import { INFO, nodeAt, nodesOf, openZoo } from './testing/zoo.js';
import type { Node } from './testing/zoo.js';

let app: INestApplication;
let document: Node;

const at = (...path: string[]): unknown => nodeAt(document, path);

beforeAll(async () => {
  app = await openZoo();
  document = JSON.parse(JSON.stringify(createDocument(app, INFO))) as Node;
});

afterAll(() => app.close());

describe('an operation', () => {
  const statusesOf = (path: string, method: string): string[] =>
    Object.keys(at('paths', path, method, 'responses') as Node);

  it('declares what any route of its kind refuses, and what it refuses itself', () => {
    expect(statusesOf('/zebras/{id}', 'get')).toEqual([
      '200',
      '304',
      '400',
      '401',
      '403',
      '404',
      '410',
      '414',
      '500',
      '503',
    ]);
    expect(statusesOf('/zebras/{id}', 'patch')).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '413',
      '414',
      '415',
      '500',
      '503',
    ]);
  });

  it('that anybody may do refuses no credential', () => {
    expect(statusesOf('/zebras', 'get')).toEqual(['200', '400', '500']);
    expect(at('paths', '/zebras', 'get')).not.toHaveProperty('security');
    expect(statusesOf('/ants/{ant_id}/legs', 'get')).toEqual(['200', '304', '400', '404', '414', '500']);
    expect(at('paths', '/ants/{ant_id}/legs', 'get')).not.toHaveProperty('security');
  });

  it('that not everybody may do names the permission that it needs', () => {
    const permitted = nodesOf(document).flatMap((node) => ('security' in node ? [node['security']] : []));
    expect(permitted).toContainEqual([{ bearer: ['zebras:write'] }]);
    expect(permitted).not.toContainEqual([{ bearer: [] }]);
  });

  it('names the media type of an answer that is not JSON', () => {
    expect(at('paths', '/zebras', 'get', 'responses', '200')).toMatchObject({
      content: { 'image/png': { schema: { type: 'string' } } },
    });
  });

  it('takes JSON, and texts beside it where it says so', () => {
    expect(at('paths', '/zebras/{id}/food', 'put', 'requestBody', 'content')).toEqual({
      'application/json': { schema: { $ref: '#/components/schemas/Part' } },
      'application/yaml': { schema: { type: 'string' } },
    });
  });

  it('that is a PATCH takes a merge patch', () => {
    const { content } = at('paths', '/zebras/{id}', 'patch', 'requestBody') as { content: Node };
    expect(Object.keys(content)).toEqual(['application/json', 'application/merge-patch+json']);
    expect(content['application/merge-patch+json']).toEqual(content['application/json']);
  });

  it('wants a body when something in it is required', () => {
    expect(at('paths', '/zebras/{id}', 'put', 'requestBody', 'required')).toBe(true);
    expect(at('paths', '/zebras/{id}', 'patch', 'requestBody', 'required')).toBe(false);
  });

  const namesIn = (place: string, path: string, method: string): unknown[] =>
    (at('paths', path, method, 'parameters') as Node[])
      .filter((parameter) => parameter['in'] === place)
      .map(({ name }) => name);

  it('that answers 304 takes If-None-Match, wherever it is registered', () => {
    for (const path of ['/zebras/{id}', '/ants/{ant_id}/legs']) {
      expect(namesIn('header', path, 'get')).toEqual(['If-None-Match']);
      for (const status of ['200', '304'])
        expect(at('paths', path, 'get', 'responses', status, 'headers')).toHaveProperty('ETag');
    }
  });

  it('that makes or replaces takes both conditions', () => {
    expect(namesIn('header', '/zebras/{id}', 'put')).toEqual(['If-Match', 'If-None-Match']);
    expect(namesIn('header', '/zebras/{id}', 'patch')).toEqual([]);
  });

  it('that is a POST declares what an Idempotency-Key may be refused for', () => {
    const { parameters, responses } = at('paths', '/zebras', 'post') as {
      parameters: Node[];
      responses: Record<string, { headers?: object }>;
    };
    expect(parameters.map(({ name }) => name)).toEqual(['Idempotency-Key']);
    expect(Object.keys(responses)).toEqual(['201', '400', '409', '413', '415', '422', '500']);
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
        { name: 'If-None-Match', in: 'header', required: false },
      ],
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Everything' } } } },
        304: { description: 'What you have is the present state.' },
        404: { content: { 'application/problem+json': {} } },
      },
    });
  });
});
