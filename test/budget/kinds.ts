import type { Kind } from '../platform/kind.js';
import { CATEGORIES, PAYEES } from './made.js';

export const KINDS: readonly Kind[] = [
  {
    about: PAYEES,
    collection: PAYEES,
    body: (name, text) => ({
      ...{ name: text.slice(0, 200), email: `${name}@example.com`, phone: '+4930123456' },
      labels: { name: 'a' },
    }),
    facts: ({ id }) => ({ id }),
  },
  {
    about: CATEGORIES,
    collection: CATEGORIES,
    body: (name, text) => ({ name: `${name} ${text}`.slice(0, 200) }),
    facts: ({ id }) => ({ id }),
  },
];
