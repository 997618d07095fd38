import fc from 'fast-check';
import { formatDottedPath } from '../domain/dotted-path.js';
import type { Layer, Place } from '../domain/effective/layer.js';
import { written } from '../domain/effective/references.js';
import { objectsWith, secretLeaves } from './arbitrary-json.js';
import { aLayer } from './a-layer.js';

const DOCUMENTS = ['a', 'b'] as const;

const names = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('x', 'y', 'z') },
  { weight: 1, arbitrary: fc.constantFrom('a.b', '~', '__proto__', 'constructor', '0') },
);
const paths = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(names) },
  { weight: 1, arbitrary: fc.tuple(names, names) },
);

const references = fc.record({ name: fc.constantFrom(...DOCUMENTS), path: paths }).map(written);

/** Texts that refer to others, alone and inside of longer ones. */
const texts = fc.oneof(
  references,
  references.map((reference) => `to ${reference}`),
  fc.tuple(references, references).map(([one, other]) => `${one}$$\${config:${other}`),
  fc.constant('$${config:a.x}'),
);

const leaves = fc.oneof(
  { weight: 4, arbitrary: texts },
  { weight: 2, arbitrary: fc.constantFrom(1, 'text', true) },
  { weight: 1, arbitrary: secretLeaves },
);

/** Most of them have what references often name. */
const documents = fc
  .tuple(fc.record({ x: leaves, y: leaves }, { requiredKeys: [] }), objectsWith(leaves, 2))
  .map(([usual, more]) => ({ ...more, ...usual }));

const instants = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 5 }) },
);

/** Layers of two documents, of two tenants and what is shared; every reference is well-formed, and few lead somewhere. */
export const layerSets: fc.Arbitrary<Layer[]> = fc
  .array(
    fc.record({
      name: fc.constantFrom(...DOCUMENTS),
      tenant: fc.constantFrom(null, null, null, 't', 'u'),
      environment: fc.constantFrom('base', 'base', 'base', 'p', 'q'),
      values: documents,
      finalKeys: fc.oneof(fc.constant([]), fc.array(paths.map(formatDottedPath), { maxLength: 1 })),
      effectiveFrom: instants,
      effectiveUntil: instants,
    }),
    { minLength: 1, maxLength: 6, size: 'max' },
  )
  .map((layers) => layers.map((layer, index) => aLayer({ ...layer, configurationId: `layer-${index}` })));

export const places: fc.Arbitrary<Place> = fc.record({
  tenant: fc.constantFrom(null, 't'),
  environment: fc.constantFrom('base', 'p', 'elsewhere'),
});
