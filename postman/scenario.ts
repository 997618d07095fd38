import type { Scenario } from './collection.js';
import { BUDGET_STEPS } from './scenario/budget.js';
import { CATALOG_STEPS } from './scenario/catalog.js';
import { CONFIGURATION_STEPS } from './scenario/configuration.js';
import { DEVICE_STEPS } from './scenario/devices.js';
import { FLAG_STEPS } from './scenario/feature-flags.js';
import { METADATA_STEPS } from './scenario/metadata.js';
import { SINK_STEPS, SINKS_NOT_CALLED } from './scenario/sinks.js';
import { SUPERVISOR_STEPS } from './scenario/supervisor-requests.js';
import { WEBHOOK_STEPS } from './scenario/webhooks.js';

/** All that has to be said by hand, so that a run of the collection succeeds: of a new operation, nothing as a rule. */
export const SCENARIO: Scenario = {
  // What others name, teams and environments above all, is in the catalog; a webhook is a sink.
  tagsFirst: ['Catalog', 'Discovery', 'Webhooks', 'Sinks'],
  thingsFirst: ['createCompany', 'createUser', 'createTeam', 'createEnvironment', 'createDeviceType'],
  pathValues: { version: '1', a: '1', b: '2' },
  values: {
    ...{ company_id: '{{companyId}}', user_id: '{{userId}}', environment: '{{environmentKey}}' },
    ...{ tenant_id: 'acme', mac: '{{deviceMacAddress}}', store_id: 'store-{{run}}' },
  },
  steps: {
    ...CATALOG_STEPS,
    ...METADATA_STEPS,
    ...FLAG_STEPS,
    ...CONFIGURATION_STEPS,
    ...DEVICE_STEPS,
    ...SUPERVISOR_STEPS,
    ...BUDGET_STEPS,
    ...WEBHOOK_STEPS,
    ...SINK_STEPS,
  },
  notCalled: SINKS_NOT_CALLED,
};
