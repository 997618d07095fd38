import type { Steps } from '../step.js';

export const METADATA_STEPS: Steps = {
  putMetadataEntryByKey: {
    ...{ path: { key: 'app.by-key-{{run}}' }, status: 201, body: { value: { pool_size: 10 } } },
    keep: { entryByKeyId: 'id' },
  },
  batchMetadataEntries: { whole: { operations: [{ op: 'update', id: '{{metadataEntryId}}', value: 20 }] } },
  importMetadataEntries: { query: { dry_run: 'true' }, whole: '{"key":"app.imported-{{run}}","value":1}\n' },
  deleteMetadataEntry: [{}, { as: 'entryByKey', path: { id: '{{entryByKeyId}}' } }],
};
