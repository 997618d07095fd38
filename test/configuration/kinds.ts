import type { Kind } from '../platform/kind.js';
import { CONFIGURATIONS } from './made.js';
import { SCHEMAS } from './schemas.js';
import { PROVIDERS } from './secret-providers.js';

export const KINDS: readonly Kind[] = [
  {
    about: CONFIGURATIONS,
    collection: CONFIGURATIONS,
    body: (name, text) => ({
      ...{ service_id: name, name, environment: 'production' },
      ...{ values: { text }, description: text },
    }),
    facts: ({ id, service_id, name, environment }) => ({ id, service_id, name, environment }),
  },
  {
    about: SCHEMAS,
    collection: SCHEMAS,
    body: (name, text) => ({ name, description: text, json_schema: { const: text } }),
    facts: ({ id, name }) => ({ id, name }),
  },
  {
    about: PROVIDERS,
    collection: PROVIDERS,
    ofInstallation: true,
    body: (alias) => ({ alias, kind: 'env', settings: { names: ['PLANTED'] } }),
    facts: ({ id, alias }) => ({ id, alias }),
  },
];
