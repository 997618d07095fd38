import type { Kind } from '../platform/kind.js';
import { ENTRIES } from './entries.js';

export const KINDS: readonly Kind[] = [
  {
    about: ENTRIES,
    collection: ENTRIES,
    body: (key, text) => ({ key, value: text, tags: [text], description: text }),
    facts: ({ id, key, namespace }) => ({ id, key, namespace }),
  },
];
