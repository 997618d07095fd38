import type { Kind, Others } from '../platform/kind.js';
import { COMPANIES, ENVIRONMENTS, RESOURCES, TEAMS, USERS } from './made.js';

const DISCOVERY = '/api/v1/discovery';

/** The company that everything else of a plot belongs to. */
const companyOf = async (others: Others): Promise<string> => (await others.one(COMPANIES)).id;

/** It has an endpoint and is in use, so that it is found by its name. */
const aResource: Kind['body'] = async (name, text, others) => ({
  company_id: await companyOf(others),
  name,
  type: 'service',
  description: text.slice(0, 255),
  annotations: { text },
  endpoints: [{ name: 'web', url: `https://orders.example.com/${encodeURIComponent(text)}` }],
});

export const KINDS: readonly Kind[] = [
  {
    about: COMPANIES,
    collection: COMPANIES,
    body: (name, text) => ({ name, description: text.slice(0, 255) }),
    facts: ({ id, name }) => ({ id, name }),
  },
  {
    about: USERS,
    collection: USERS,
    body: async (name, text, others) => ({
      company_id: await companyOf(others),
      name: text.slice(0, 100),
      email: `${name}@example.com`,
    }),
    facts: ({ id, email }) => ({ id, email }),
  },
  {
    about: TEAMS,
    collection: TEAMS,
    body: async (name, text, others) => ({
      company_id: await companyOf(others),
      name: text.slice(0, 100),
      slug: name,
      description: text.slice(0, 255),
    }),
    facts: async ({ id, slug }, others) => ({ id, slug, user_id: (await others.one(USERS)).id }),
  },
  {
    about: ENVIRONMENTS,
    collection: ENVIRONMENTS,
    body: async (key, text, others) => ({
      company_id: await companyOf(others),
      key,
      name: text.slice(0, 100),
    }),
    facts: ({ id, key }) => ({ id, key }),
  },
  {
    about: RESOURCES,
    collection: RESOURCES,
    body: aResource,
    facts: ({ id, endpoints: [endpoint] }) => ({ id, name: endpoint.name, type: 'depends_on' }),
  },
  {
    about: DISCOVERY,
    collection: RESOURCES,
    body: aResource,
    facts: ({ id, name }) => ({ id, name }),
  },
];
