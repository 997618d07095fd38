const CONTEXTS = [
  'metadata',
  'flags',
  'configurations',
  'catalog',
  'devices',
  'supervisor',
  'budget',
  'events',
] as const;

type Context = (typeof CONTEXTS)[number];

/**
 * One thing that a credential may do; every route names the one that it needs.
 *
 * Beyond reading and writing a context:
 * - `flags:evaluate`: ask for the value of any flag.
 * - `flags:evaluate_client`: ask for the values of `client_visible` flags, and learn of no others.
 * - `devices:report`: say how a device is: its status and its reported document.
 * - `supervisor:respond`: claim and answer what is asked of a person.
 * - `streams:read`: sign the URL of a stream that the credential may follow, for a browser.
 * - `secrets:read`: see secret values in the clear.
 * - `secrets:admin`: say where secrets are fetched from, and how the service signs in there.
 * - `keys:admin`: make and revoke credentials and rotate encryption keys.
 * - `audit:read`: see who did what, everywhere.
 */
export type Permission =
  | `${Context}:${'read' | 'write'}`
  | 'flags:evaluate'
  | 'flags:evaluate_client'
  | 'devices:report'
  | 'supervisor:respond'
  | 'streams:read'
  | 'secrets:read'
  | 'secrets:admin'
  | 'keys:admin'
  | 'audit:read';

const READS = CONTEXTS.map((context) => `${context}:read` as const);
const WRITES = CONTEXTS.map((context) => `${context}:write` as const);

/** Every permission there is. */
export const PERMISSIONS: readonly Permission[] = [
  ...READS,
  ...WRITES,
  'flags:evaluate',
  'flags:evaluate_client',
  'devices:report',
  'supervisor:respond',
  'streams:read',
  'secrets:read',
  'secrets:admin',
  'keys:admin',
  'audit:read',
];

/** Every role, the mightiest first. */
export const ROLES = ['admin', 'editor', 'viewer', 'supervisor', 'evaluator', 'device', 'client'] as const;

/**
 * Who a credential is made for:
 * - `admin`: everything.
 * - `editor`: sees and changes what the contexts hold. No secrets, keys or audit trail; and no answering for a person,
 *   so that whoever proposes a change cannot approve it with the same key.
 * - `viewer`: sees what the contexts hold, and changes nothing.
 * - `supervisor`: sees the requests to people and answers them.
 * - `evaluator`: an SDK on a server, which may know every flag.
 * - `device`: tells how it is itself.
 * - `client`: a browser. Its key is public, so it gets only what any visitor may know.
 */
export type Role = (typeof ROLES)[number];

// Whoever may do the whole holds the part too, so that a route can name the least that it needs.
const EVALUATION = ['flags:evaluate', 'flags:evaluate_client'] as const;

const GRANTS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  admin: new Set(PERMISSIONS),
  editor: new Set<Permission>([...READS, ...WRITES, ...EVALUATION, 'devices:report', 'streams:read']),
  viewer: new Set<Permission>([...READS, 'streams:read']),
  supervisor: new Set<Permission>(['supervisor:read', 'supervisor:respond', 'streams:read']),
  evaluator: new Set<Permission>(EVALUATION),
  device: new Set<Permission>(['devices:report']),
  client: new Set<Permission>(['flags:evaluate_client']),
};

/** What a credential of this role may do, wherever it is not narrowed to a tenant, an environment or a namespace. */
export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return GRANTS[role];
}
