import type { TestApi } from '../api.js';

export const IMPORT = '/api/v1/catalog/import';
const YAML = { 'Content-Type': 'application/yaml' };
/** What becomes of an import of nothing. */
export const NOTHING = {
  created: 0,
  updated: 0,
  unchanged: 0,
  orphaned: 0,
  deleted: 0,
  errors: [],
  warnings: [],
};

/** One of each kind, in no order. */
export const ORDERS = `# What Backstage calls its own
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  description: Takes orders
  labels: {tier: gold}
  annotations:
    github.com/project-slug: acme/orders
  tags: [java]
  links:
    - url: https://dash.example/orders
      title: Dashboard
      icon: dashboard
spec:
  type: service
  lifecycle: experimental
  owner: platform
  system: shop
  dependsOn: [resource:orders-db]
  providesApis: [orders-api]
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: orders-api}
spec:
  type: openapi
  lifecycle: production
  owner: platform
  definition: |
    openapi: 3.1.0
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: orders-db}
spec: {type: database, owner: platform}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: platform, domain: sales}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: sales}
spec: {owner: platform}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: jane.doe}
spec:
  profile: {displayName: Jane Doe, email: jane@example.com}
  memberOf: [platform]
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: platform, description: Runs it}
spec: {type: team, parent: engineering, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: engineering}
spec: {type: department, children: []}
`;

/** An entity; a component is a service unless the spec says otherwise. */
export const entity = (kind: string, name: string, spec: object = {}, metadata: object = {}): any => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, ...metadata },
  spec: kind === 'Component' ? { type: 'service', ...spec } : spec,
});

/** How tests import, and look at what came of it. */
export interface Imports {
  /** The answer, whatever it is. */
  readonly importing: (tenant: string, body: unknown, query?: string) => Promise<any>;
  /** What became of an import that was taken. */
  readonly taken: (tenant: string, body: unknown, query?: string) => Promise<any>;
  readonly listed: (tenant: string, path: string) => Promise<any[]>;
}

export function importsInto(api: () => TestApi): Imports {
  const importing = (tenant: string, body: unknown, query = 'source=acme'): Promise<any> => {
    const headers = typeof body === 'string' ? YAML : {};
    return api().post(`${IMPORT}?tenant_id=${tenant}&${query}`, body, { headers });
  };
  const taken = async (tenant: string, body: unknown, query?: string): Promise<any> => {
    const { status, body: answer } = await importing(tenant, body, query);
    expect([status, answer]).toEqual([200, expect.anything()]);
    return answer;
  };
  const listed = async (tenant: string, path: string): Promise<any[]> =>
    (await api().get(`${path}${path.includes('?') ? '&' : '?'}tenant_id=${tenant}`)).body.items;
  return { importing, taken, listed };
}
