import { randomUUID } from 'node:crypto';
import type { Layer } from '../domain/effective/layer.js';

/** A shared base layer with unremarkable values: a test names only what it is about. */
export const aLayer = (layer: Partial<Layer> = {}): Layer => ({
  configurationId: randomUUID(),
  version: 1,
  tenant: null,
  name: 'database',
  environment: 'base',
  values: { host: 'db.example.com' },
  finalKeys: [],
  schemaId: null,
  effectiveFrom: null,
  effectiveUntil: null,
  ...layer,
});
