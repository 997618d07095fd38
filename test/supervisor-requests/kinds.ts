import type { Kind } from '../platform/kind.js';
import { REQUESTS } from './sown.js';

const body: Kind['body'] = (name, text) => ({
  ...{ store_id: name.slice(0, 128), kind: 'alert', question: text.slice(0, 4_000) },
  ...{ details: { text }, escalation: [{ after_seconds: 600, priority: 1 }] },
});
const facts: Kind['facts'] = ({ id, store_id }) => ({ id, store_id });

export const KINDS: readonly Kind[] = [
  { about: REQUESTS, collection: REQUESTS, body, facts },
  { about: '/api/v1/stores', collection: REQUESTS, body, facts },
];
