import type { Steps } from '../step.js';

const ENDPOINT = { name: 'web', url: 'https://orders.example.com' };
const COMPONENT = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'imported-{{run}}' },
  spec: { type: 'service', lifecycle: 'production', owner: 'payments' },
};

export const CATALOG_STEPS: Steps = {
  createUser: { body: { company_id: '{{companyId}}', email: 'ada-{{run}}@example.com' } },
  createTeam: { body: { company_id: '{{companyId}}', slug: 'payments-{{run}}' } },
  createEnvironment: [
    { body: { company_id: '{{companyId}}' } },
    {
      name: 'Create the environment to which is promoted',
      as: 'otherEnvironment',
      body: { company_id: '{{companyId}}', key: 'staging-{{run}}' },
    },
  ],
  createResource: [
    { body: { company_id: '{{companyId}}', endpoints: [ENDPOINT] } },
    {
      name: 'Create the resource that it depends on',
      as: 'otherResource',
      body: { company_id: '{{companyId}}', name: 'database-{{run}}', type: 'database' },
    },
  ],
  putResourceEndpoint: {
    path: { name: 'grpc' },
    status: 201,
    body: { host: 'orders.internal', port: 443, protocol: 'grpc' },
  },
  reportEndpointHealth: { path: { name: 'web' } },
  deleteResourceEndpoint: { path: { name: 'grpc' } },
  addResourceRelation: { status: 201, body: { to_id: '{{otherResourceId}}' } },
  removeResourceRelation: { query: { type: 'depends_on', to_id: '{{otherResourceId}}' } },
  putTeamMember: { status: 201 },
  deleteResource: [{}, { as: 'otherResource', path: { id: '{{otherResourceId}}' } }],
  deleteEnvironment: [{}, { as: 'otherEnvironment', path: { id: '{{otherEnvironmentId}}' } }],
  deleteUser: { headers: { 'If-Match': '' } }, // The teams that were joined and left changed the version.
  importCatalog: {
    type: 'application/json',
    query: { source: 'postman', company_id: '{{companyId}}', dry_run: 'true' },
    whole: COMPONENT,
  },
  exportCatalog: { query: { company_id: '{{companyId}}' } },
  discover: { path: { name: '{{resourceName}}' } },
};
