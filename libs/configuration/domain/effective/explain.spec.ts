import { aLayer } from '../../testing/a-layer.js';
import { effectiveAt } from './effective.js';
import { explain } from './explain.js';
import type { Layer } from './layer.js';

const PLACE = { tenant: 'acme', environment: 'production' };

/** By pointer: the layer, what it lies over, and what it takes over. */
function explained(layers: readonly Layer[]): Record<string, unknown> {
  return Object.fromEntries(
    [...explain(effectiveAt(layers, PLACE, 0))].map(([pointer, { layer, overridden, from }]) => [
      pointer,
      [layer.configurationId, overridden.map((each) => [each.layer.configurationId, each.value]), from],
    ]),
  );
}

const base = (layer: Partial<Layer>): Layer => aLayer({ configurationId: 'base', ...layer });
const production = (layer: Partial<Layer>): Layer =>
  aLayer({ configurationId: 'production', environment: 'production', ...layer });
const own = (layer: Partial<Layer>): Layer => aLayer({ configurationId: 'own', tenant: 'acme', ...layer });

it('names for each leaf the layer that says it, and what others say from the highest down', () => {
  expect(
    explained([
      base({ values: { host: 'a', pool: { size: 1, idle: 2 }, gone: 1 } }),
      production({ values: { host: 'b', pool: { size: null }, gone: null } }),
      own({ values: { host: 'c', pool: { size: 3 } } }),
    ]),
  ).toEqual({
    '/database/host': [
      'own',
      [
        ['production', 'b'],
        ['base', 'a'],
      ],
      undefined,
    ],
    '/database/pool/size': [
      'own',
      [
        ['production', null],
        ['base', 1],
      ],
      undefined,
    ],
    '/database/pool/idle': ['base', [], undefined],
  });
});

it('takes lists, empty objects and secrets for one leaf each', () => {
  const values = { list: [{ a: 1 }], none: {}, secret: { $secret_ref: { path: 'a' } }, 'a/b': { '~': 1 } };
  expect(Object.keys(explained([base({ values })]))).toEqual([
    '/database/list',
    '/database/none',
    '/database/secret',
    '/database/a~1b/~0',
  ]);
});

it('tells what a reference takes over, leaf by leaf', () => {
  const layers = [
    base({ values: { pool: { size: 1, idle: 2 }, host: 'db' } }),
    own({
      name: 'app',
      values: {
        pool: '${config:database.pool}',
        url: '${config:database.host}/${config:app.pool.size}',
        list: ['${config:database.host}'],
      },
    }),
  ];
  expect(explained(layers)).toMatchObject({
    '/app/pool/size': ['own', [], ['/database/pool/size']],
    '/app/pool/idle': ['own', [], ['/database/pool/idle']],
    '/app/url': ['own', [], ['/database/host', '/app/pool/size']],
    '/app/list': ['own', [], ['/database/host']],
  });
});

it('shows what does not count because the key is final below', () => {
  expect(
    explained([base({ values: { tls: true }, finalKeys: ['tls'] }), production({ values: { tls: false } })]),
  ).toEqual({ '/database/tls': ['base', [['production', false]], undefined] });
});
