import fc from 'fast-check';
import { readEntity, refOf } from '../domain/backstage/entity.js';
import type { Entity } from '../domain/backstage/entity.js';
import { shortRef } from '../domain/backstage/entity-ref.js';
import type { ResourceFacts, TeamFacts, UserFacts } from '../domain/backstage/facts.js';
import { LIFECYCLE_STATUSES } from '../domain/resource-content.js';

const name = fc.constantFrom('a', 'b', 'orders', 'Jane.Doe', 'x_y-1', 'c9');
export const namespace = fc.constantFrom('default', 'team-a', 'EU');
const text = fc.constantFrom('', ' ', 'x', 'Zahlungen & Öl', 'a\nb', '---', 'yes', 'ü'.repeat(300));
const line = text.filter((one) => one.trim() !== '' && !one.includes('\n') && one.length <= 100);
const key = fc.constantFrom(
  'tier',
  'example.com/x',
  'metastore.io/name',
  'metastore.io/other',
  'backstage.io/y',
);
const labels = fc.dictionary(fc.constantFrom('tier', 'example.com/zone'), fc.constantFrom('', 'x', 'eu-1'));
const annotations = fc.dictionary(key, text);
export const KINDS = ['component', 'api', 'resource', 'system', 'domain', 'group', 'user', 'template'];
export const refTo = (kinds: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...kinds), namespace, name)
    .map(([kind, place, called]) => `${kind}:${place}/${called}`.toLowerCase());
const resourceRef = refTo(KINDS.slice(0, 5));
const setOf = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(item, { maxLength: 4, selector: (one) => JSON.stringify(one) });
const relation = fc.record({
  type: fc.constantFrom('depends_on', 'part_of', 'provides_api', 'consumes_api', 'deployed_to'),
  to: resourceRef,
});
export const orNull = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(item, { nil: null });
const endpoint = fc.oneof(
  fc.record({
    name,
    url: fc.constant('https://a.example'),
    host: fc.constant(null),
    port: fc.constant(null),
    protocol: fc.constant(null),
    visibility: fc.constantFrom('internal', 'public'),
  }),
  fc.record({
    name,
    url: fc.constant(null),
    host: fc.constant('a.example'),
    port: fc.integer({ min: 1, max: 65_535 }),
    protocol: fc.constant('tcp'),
    visibility: fc.constantFrom('internal', 'public'),
  }),
);
const description = orNull(text.filter((one) => one !== '' && [...one].length <= 255));

export const resource = fc.record({
  is: fc.constant('resource'),
  namespace: fc.oneof(namespace, fc.constantFrom('A.b_c')),
  name: fc.oneof(name, line),
  type: fc.oneof(fc.constantFrom('service', 'api', 'system', 'domain', 'database', 'Großes Ding')),
  environment: orNull(fc.constantFrom('production', 'qa')),
  lifecycleStatus: fc.constantFrom(...LIFECYCLE_STATUSES),
  description,
  owner: orNull(refTo(['group', 'user'])),
  labels,
  annotations,
  links: fc.array(
    fc.record({ url: fc.constantFrom('https://a', 'https://b'), title: orNull(line), type: orNull(line) }),
    { maxLength: 3 },
  ),
  endpoints: fc.array(endpoint, { maxLength: 3 }),
  ttlSeconds: orNull(fc.integer({ min: 1, max: 1000 })),
  relations: setOf(relation),
  dependents: fc.constant([]),
}) as fc.Arbitrary<ResourceFacts>;
export const team = fc.record({
  is: fc.constant('team'),
  name: line,
  slug: fc.constantFrom('a', 'b--c', 'platform-', 'x1'),
  description,
  email: orNull(fc.constantFrom('a@b.example')),
  labels,
  parent: orNull(refTo(['group'])),
  children: setOf(refTo(['group'])).map((refs) => refs.sort()),
  members: fc.dictionary(refTo(['user']), orNull(fc.constantFrom('owner', 'maintainer'))),
}) as fc.Arbitrary<TeamFacts>;
export const user = fc.record({
  is: fc.constant('user'),
  name: line,
  email: fc.constantFrom('a@b.example', 'O.Brien+x@b.example', 'ü@b.example'),
  active: fc.boolean(),
  labels,
  memberOf: setOf(refTo(['group'])).map((refs) => refs.sort()),
}) as fc.Arbitrary<UserFacts>;

/** Refs as people write them: short, long, in any case. */
const spelled = (kinds: readonly string[], field: string | null): fc.Arbitrary<string> =>
  fc
    .tuple(refTo(kinds), fc.constantFrom('short', 'long', 'loud'))
    .map(([ref, how]) =>
      how === 'short'
        ? shortRef(ref, { kind: field, namespace: 'default' })
        : how === 'loud'
          ? ref.toUpperCase()
          : ref,
    );
const opt = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(item, { nil: undefined });
const list = (kinds: readonly string[], field: string | null) =>
  opt(fc.array(spelled(kinds, field), { maxLength: 3 }));
const metadata = fc.record(
  {
    name,
    namespace: opt(namespace),
    title: opt(line),
    description: opt(text),
    labels: opt(labels),
    annotations: opt(
      fc.dictionary(fc.constantFrom('example.com/x', 'backstage.io/y', 'metastore.io/other'), text),
    ),
    tags: opt(fc.array(fc.constantFrom('java', 'c++'))),
    links: opt(
      fc.array(
        fc.record(
          { url: fc.constantFrom('https://a', 'https://b'), title: opt(line), icon: opt(line) },
          { requiredKeys: ['url'] },
        ),
        { maxLength: 2 },
      ),
    ),
    other: opt(fc.constantFrom<unknown>(null, 1, { a: [] })),
  },
  { requiredKeys: ['name'] },
);
const common = {
  owner: opt(spelled(['group', 'user'], 'group')),
  system: opt(spelled(['system'], 'system')),
  other: opt(fc.constantFrom<unknown>(null, 'x', [1])),
};
const spec: Record<string, fc.Arbitrary<object>> = {
  Component: fc.record({
    ...common,
    type: fc.constantFrom('service', 'website'),
    lifecycle: opt(fc.constantFrom('experimental', 'production', 'deprecated', 'sunset', 'constructor')),
    subcomponentOf: opt(spelled(['component'], 'component')),
    dependsOn: list(KINDS.slice(0, 5), null),
    dependencyOf: list(['component', 'resource'], null),
    providesApis: list(['api'], 'api'),
    consumesApis: list(['api'], 'api'),
  }),
  API: fc.record({
    ...common,
    type: fc.constantFrom('openapi', 'grpc'),
    lifecycle: fc.constant('production'),
    definition: text,
  }),
  Resource: fc.record({
    ...common,
    type: fc.constantFrom('database', 'bucket'),
    dependsOn: list(KINDS.slice(0, 5), null),
    dependencyOf: list(['component', 'resource'], null),
  }),
  System: fc.record({
    owner: common.owner,
    domain: opt(spelled(['domain'], 'domain')),
    type: opt(fc.constant('product')),
  }),
  Domain: fc.record({ owner: common.owner, subdomainOf: opt(spelled(['domain'], 'domain')) }),
  Group: fc.record({
    type: fc.constant('team'),
    profile: opt(
      fc.record({ displayName: opt(line), email: opt(fc.constant('t@b.example')), picture: opt(line) }),
    ),
    parent: opt(spelled(['group'], 'group')),
    children: list(['group'], 'group'),
    members: list(['user'], 'user'),
  }),
  User: fc.record({
    profile: opt(
      fc.record({ displayName: opt(line), email: opt(fc.constant('u@b.example')), picture: opt(line) }),
    ),
    memberOf: list(['group'], 'group'),
  }),
};
/** As it comes out of JSON. */
export const clean = (value: object): unknown => JSON.parse(JSON.stringify(value));
export const entity = fc
  .constantFrom(...Object.keys(spec))
  .chain((kind) =>
    fc.record({
      apiVersion: fc.constant('backstage.io/v1alpha1'),
      kind: fc.constant(kind),
      metadata,
      spec: spec[kind] ?? fc.constant({}),
    }),
  )
  .map((value): Entity => {
    const read = readEntity(clean(value));
    if ('violations' in read) throw new Error(JSON.stringify(read.violations));
    return read.entity;
  });
export const entities = fc.uniqueArray(entity, { maxLength: 12, selector: refOf });
