import type { Kind } from '../platform/kind.js';
import { aMac, DEVICE_TYPES, DEVICES } from './made.js';

export const KINDS: readonly Kind[] = [
  {
    about: DEVICES,
    collection: DEVICES,
    body: (name, text) => ({
      ...{ name, device_type: 'generic', mac_address: aMac(), ip_address: '192.0.2.1' },
      ...{ store_id: text.slice(0, 100), attributes: { text }, labels: { name: 'a' } },
    }),
    facts: ({ id, mac_address }) => ({ id, mac: mac_address }),
  },
  {
    about: DEVICE_TYPES,
    collection: DEVICE_TYPES,
    body: (name, text) => ({
      ...{ key: `k_${name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`, name: text },
      status_values: ['on', 'off'],
    }),
    facts: ({ id, key }) => ({ id, key }),
  },
];
