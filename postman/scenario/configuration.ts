import type { Steps } from '../step.js';

const OF_SERVICE = { service_id: '{{configurationServiceId}}', environment: '{{environmentKey}}' };

export const CONFIGURATION_STEPS: Steps = {
  createConfiguration: { body: { service_id: 'order-service-{{run}}', name: 'database' } },
  batchConfigurations: {
    whole: { operations: [{ op: 'update', id: '{{configurationId}}', values: { port: 5433 } }] },
  },
  compareConfigurations: {
    query: { service_id: '{{configurationServiceId}}', left: 'base', right: '{{environmentKey}}' },
  },
  getEffectiveConfiguration: { path: { service_id: '{{configurationServiceId}}' } },
  importConfigurations: {
    type: 'application/json',
    query: { ...OF_SERVICE, name: 'database', format: 'json', dry_run: 'true' },
    whole: { configurations: [{ ...OF_SERVICE, name: 'database', values: { port: 5434 } }] },
  },
  exportConfigurations: { query: { service_id: '{{configurationServiceId}}', format: 'json' } },
  deactivateConfiguration: { rank: 50 },
  activateConfiguration: { rank: 51 },
  promoteConfigurations: {
    query: { dry_run: 'true' },
    body: {
      service_id: '{{configurationServiceId}}',
      from: '{{environmentKey}}',
      to: '{{otherEnvironmentKey}}',
    },
  },
  addSchemaVersion: { as: 'schemaVersion' },
  validateAgainstSchema: { body: { document: { pool_size: 5 } } },
  deleteSchema: [{ as: 'schemaVersion', path: { id: '{{schemaVersionId}}' } }, {}],
};
