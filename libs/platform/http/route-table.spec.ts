import type { RouteOptions } from 'fastify';
import { MethodNotAllowed, RouteTable } from './route-table.js';

function tableOf(...routes: [string | string[], string][]): RouteTable {
  const table = new RouteTable();
  for (const [method, url] of routes) table.add({ method, url } as RouteOptions);
  return table;
}

describe('RouteTable', () => {
  const table = tableOf(
    ['GET', '/api/v1/metadata'],
    ['POST', '/api/v1/metadata'],
    ['GET', '/api/v1/metadata/:id'],
    ['PUT', '/api/v1/metadata/:id'],
    ['POST', '/api/v1/metadata/batch'],
    [['GET', 'HEAD'], '/api/v1/metadata/:id/versions/:version'],
    ['GET', '/docs/*'],
  );

  it.each([
    ['/api/v1/metadata', ['GET', 'POST']],
    ['/api/v1/metadata/', ['GET', 'POST']],
    ['/api/v1/metadata/7', ['GET', 'PUT']],
    ['/api/v1/metadata/batch', ['GET', 'POST', 'PUT']],
    ['/api/v1/metadata/7/versions/2', ['GET', 'HEAD']],
    ['/docs/a/b.css', ['GET']],
    ['/docs', ['GET']],
  ])('%s takes %j', (path, methods) => {
    expect(table.methodsOf(path)).toEqual(methods);
  });

  it.each([
    '/',
    '/api/v1',
    '/api/v1/Metadata',
    '/api/v1/metadata/7/versions',
    '/api/v1/metadata/7/versions/2/3',
    '/doc',
  ])('%s is not there', (path) => {
    expect(table.methodsOf(path)).toEqual([]);
  });
});

it('a path that takes other methods says which', () => {
  expect(new MethodNotAllowed(['GET', 'PUT'])).toMatchObject({
    kind: 'method-not-allowed',
    code: 'method_not_allowed',
    facts: { allow: 'GET, PUT' },
    message: 'This path takes GET, PUT.',
  });
});
