import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import type { Endpoint } from './endpoint.js';
import { healthAt, HEALTH_STATUSES, hasRunOut, worstOf } from './health.js';
import type { EndpointHealth } from './health.js';
import type { CompanyId, ResourceId, TeamId } from './identity.js';
import { linkMistakes } from './link.js';
import { USUAL_CONTENT } from './resource-content.js';
import { EndpointNotFound } from './resource-errors.js';
import { Resource } from './resource.js';
import type { ResourceContent } from './resource.js';

const HOME = { id: 'r' as ResourceId, tenant: null, companyId: 'c' as CompanyId };
const STAMP = { createdAt: new Date(0), createdBy: 'ada', updatedAt: new Date(0), updatedBy: 'ada' };
const content = (said: Partial<ResourceContent> = {}): ResourceContent => ({
  ...USUAL_CONTENT,
  name: 'orders',
  type: 'service',
  ...said,
});
const aResource = (said: Partial<ResourceContent> = {}): Resource => {
  const { snapshot } = Resource.create(HOME, content(said));
  return Resource.restore({ ...snapshot, version: 1, stamp: STAMP });
};
const endpoint = (name: string, said: Partial<Endpoint> = {}): Endpoint => ({
  ...{ name, url: 'https://orders.example.com', host: null, port: null, protocol: null },
  visibility: 'internal',
  ...said,
});
const mistakesOf = (make: () => unknown): string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof InvalidInput)
      return error.violations.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
};

describe('a resource', () => {
  it('changes only where something is otherwise', () => {
    const resource = aResource({ labels: { a: '1', b: '2' } });
    resource.revise({ labels: { b: '2', a: '1' }, description: null }, null);
    expect(resource.change).toBeNull();
    resource.revise({ description: 'Orders.' }, 'why');
    expect(resource.change).toMatchObject({ type: 'updated', reason: 'why' });
  });

  it('stays as it was when it is revised to what it cannot be', () => {
    const resource = aResource();
    const before = resource.snapshot;
    expect(mistakesOf(() => resource.revise({ name: '', ttlSeconds: -1 }, null))).toEqual([
      '/name length',
      '/ttl_seconds range',
    ]);
    expect([resource.snapshot, resource.change]).toEqual([before, null]);
  });

  it('puts an endpoint in the place of the one of its name', () => {
    const resource = aResource({ endpoints: [endpoint('a'), endpoint('b')] });
    expect(resource.putEndpoint(endpoint('a', { visibility: 'public' }), null)).toBe(false);
    expect(resource.putEndpoint(endpoint('c'), null)).toBe(true);
    expect(resource.snapshot.endpoints.map(({ name, visibility }) => [name, visibility])).toEqual([
      ['a', 'public'],
      ['b', 'internal'],
      ['c', 'internal'],
    ]);
    expect(() => resource.removeEndpoint('d', null)).toThrow(EndpointNotFound);
  });

  it('goes back to what was said, and who speaks for it stays', () => {
    const resource = aResource({ description: 'new' });
    resource.revise({ source: 'git', sourceRef: 'component:default/orders', orphan: true }, null);
    resource.revertTo(content({ description: 'old', name: 'basket' }), 1, 'oh');
    expect(resource.snapshot).toMatchObject({
      name: 'basket',
      description: 'old',
      source: 'git',
      orphan: true,
    });
    expect(resource.change).toMatchObject({ type: 'rolled_back', rolledBackFrom: 1 });
  });

  it('is handed over to another team', () => {
    const resource = aResource({ ownerTeamId: 'one' as TeamId });
    resource.handOverTo('two' as TeamId, 'they left');
    expect([resource.snapshot.ownerTeamId, resource.change?.type]).toEqual(['two', 'handed_over']);
  });
});

describe('the address of an endpoint', () => {
  const hosts = (host: string): string[] =>
    mistakesOf(() =>
      aResource({ endpoints: [endpoint('a', { url: null, host, port: 1, protocol: 'tcp' })] }),
    );

  it.each(['a', 'db.example.com', '_srv.example.com', '10.0.0.7', '::1', '2001:db8::1', '::ffff:10.0.0.7'])(
    'may be at %s',
    (host) => expect(hosts(host)).toEqual([]),
  );

  it.each([
    '',
    '.',
    'a..b',
    'a b',
    '-a',
    'a-',
    '10.0.0',
    '10.0.0.256',
    '01.2.3.4',
    ':::',
    '1:2',
    'a/b',
    'a:80',
    '[::1]',
  ])('is not at %j', (host) => expect(hosts(host)).toEqual(['/endpoints/0/host pattern']));

  it.each([
    'https://a.example',
    'postgres://db:5432/orders',
    'grpc://[::1]:50051',
    'amqp://user@mq',
    'tcp://a:1',
  ])('may be %s', (url) =>
    expect(mistakesOf(() => aResource({ endpoints: [endpoint('a', { url })] }))).toEqual([]),
  );

  it.each([
    '',
    'a.example',
    '/x',
    'https://',
    'javascript:1',
    'JavaScript:1',
    'data:,x',
    'https://u:p@a',
    'https://a b',
    ' https://a',
    `https://${'a'.repeat(2_048)}`,
  ])('is not %j', (url) =>
    expect(mistakesOf(() => aResource({ endpoints: [endpoint('a', { url })] }))).toEqual([
      '/endpoints/0/url url',
    ]),
  );
});

describe('a link', () => {
  it('opens by a click and runs nothing, whatever its letters', () => {
    const hostile = fc.constantFrom(
      'javascript:',
      'JAVASCRIPT:',
      'java\nscript:',
      '\u0001javascript:',
      'vbscript:',
      'data:text/html,',
      'file:///',
      'blob:https://',
    );
    fc.assert(
      fc.property(hostile, fc.string(), (scheme, rest) => {
        expect(linkMistakes([{ url: scheme + rest, title: null, type: null }])).toHaveLength(1);
      }),
    );
    const urls = ['https://a.example', 'mailto:a@a.example', 'tel:+4930', 'slack://channel?id=1'];
    expect(linkMistakes(urls.map((url) => ({ url, title: 'x', type: null })))).toEqual([]);
  });
});

describe('health', () => {
  const checked = (ttlSeconds: number | null): EndpointHealth => ({
    ...{ status: 'passing', output: 'fine', checkedAt: new Date(1_000), ttlSeconds },
  });

  it('holds for as long as it says, to the millisecond', () => {
    expect(healthAt(checked(2), new Date(2_999)).status).toBe('passing');
    expect(healthAt(checked(2), new Date(3_000))).toEqual({ ...checked(2), status: 'critical' });
    expect(healthAt(checked(null), new Date(8e15)).status).toBe('passing');
    expect(hasRunOut(new Date(0), null, new Date(8e15))).toBe(false);
  });

  it('of a whole is that of its worst part', () => {
    const order = { critical: 3, warning: 2, unknown: 1, passing: 0 };
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...HEALTH_STATUSES)), (statuses) => {
        const [worst = null] = statuses.toSorted((a, b) => order[b] - order[a]);
        expect(worstOf(statuses)).toBe(worst);
      }),
    );
  });
});
