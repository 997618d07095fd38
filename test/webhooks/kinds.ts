import type { Kind } from '../platform/kind.js';
import { WEBHOOKS } from './made.js';

/** Disabled, or what it is told would change while others look. */
const body: Kind['body'] = (name, text) => ({
  ...{ url: `https://hooks.example.com/${name}`, description: text.slice(0, 200), enabled: false },
});

export const KINDS: readonly Kind[] = [
  { about: WEBHOOKS, collection: WEBHOOKS, body, facts: ({ id }) => ({ id }) },
];
