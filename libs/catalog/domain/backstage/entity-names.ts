import { isEntityName, isEntityNamespace } from './entity.js';
import type { Entity, Kind } from './entity.js';
import { NAMESPACE_DEFAULT, refText } from './entity-ref.js';
import type { ResourceIdentity } from '../resource-content.js';

const API_VERSION = 'backstage.io/v1alpha1';
const NAME_LENGTH_MAX = 63;
/** Of 36 to the seventh power, more than 32 bits have. */
const MARK_LENGTH = 7;
const KIND_OF_TYPE = new Map<string, Kind>([
  ['api', 'API'],
  ['system', 'System'],
  ['domain', 'Domain'],
]);
/** What a component runs on, and what it does not run itself. */
const INFRASTRUCTURE = new Set(
  'database,queue,topic,stream,bucket,cache,storage,volume,cluster,network,dns,secret,certificate,disk,table'.split(
    ',',
  ),
);

/** What is to be described that no entity described yet. */
export interface Undescribed {
  readonly kind: Kind;
  readonly namespace: string;
  /** What it would be called; any text. */
  readonly name: string;
  /** Tells it from all others that would be called so. */
  readonly mark: string;
}

export const undescribedResource = (identity: ResourceIdentity): Undescribed => {
  const { namespace, type, name, environment } = identity;
  return {
    kind: KIND_OF_TYPE.get(type) ?? (INFRASTRUCTURE.has(type) ? 'Resource' : 'Component'),
    namespace,
    name,
    mark: JSON.stringify([namespace, type, name, environment]),
  };
};

export const undescribedTeam = (slug: string): Undescribed => ({
  kind: 'Group',
  namespace: NAMESPACE_DEFAULT,
  name: slug,
  mark: slug,
});

export const undescribedUser = (email: string): Undescribed => ({
  kind: 'User',
  namespace: NAMESPACE_DEFAULT,
  name: email.slice(0, email.indexOf('@')).toLowerCase(),
  mark: email.toLowerCase(),
});

/** Gives out names of entities, each once. The same things in the same order get the same names. */
export class EntityNames {
  /** @param taken references that are given out already */
  constructor(private readonly taken: Set<string>) {}

  /** The least that an entity of this thing says. */
  nameFor({ kind, namespace, name, mark }: Undescribed): Entity {
    const place = isEntityNamespace(namespace) ? namespace : NAMESPACE_DEFAULT;
    const plain = isEntityName(name) ? name : wordsOf(name);
    const isExact = isEntityName(name) && place === namespace;
    for (let attempt = isExact ? 0 : 1; ; attempt += 1) {
      const called = attempt === 0 ? plain : marked(plain, `${mark}${'+'.repeat(attempt - 1)}`);
      const ref = refText({ kind, namespace: place, name: called });
      if (this.taken.has(ref)) continue;
      this.taken.add(ref);
      return skeleton(kind, place, called);
    }
  }
}

function skeleton(kind: Kind, namespace: string, name: string): Entity {
  const metadata = namespace === NAMESPACE_DEFAULT ? { name } : { name, namespace };
  return { apiVersion: API_VERSION, kind, metadata, spec: SPEC[kind] };
}

/** What Backstage asks of every entity of the kind. */
const SPEC: Readonly<Record<Kind, Entity['spec']>> = {
  Component: { type: 'service', lifecycle: 'production' },
  API: { type: 'api', lifecycle: 'production' },
  Resource: { type: 'resource' },
  System: {},
  Domain: {},
  Group: { type: 'team', children: [] },
  User: { memberOf: [] },
};

/** From `Orders (EU)` to `Orders-EU`; nothing of ASCII in it gives nothing. */
const wordsOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .join('-');

function marked(text: string, mark: string): string {
  const start = text.slice(0, NAME_LENGTH_MAX - MARK_LENGTH - 1).replace(/[-_.]+$/, '');
  const end = hashOf(mark).toString(36).padStart(MARK_LENGTH, '0');
  return start === '' ? end : `${start}-${end}`;
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): short, and the same everywhere. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
