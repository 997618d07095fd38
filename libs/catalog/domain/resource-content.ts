import { labelMistakes, lengthOf } from '#shared-kernel';
import type { Labels, Violation } from '#shared-kernel';
import { annotationMistakes } from './annotations.js';
import type { Annotations } from './annotations.js';
import { endpointsMistakes } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import { TTL_SECONDS_MAX } from './health.js';
import { SLUG } from './identity.js';
import type { TeamId } from './identity.js';
import { linkMistakes } from './link.js';
import type { Link } from './link.js';

export const LIFECYCLE_STATUSES = ['planned', 'active', 'inactive', 'deprecated', 'retired'] as const;
export type LifecycleStatus = (typeof LIFECYCLE_STATUSES)[number];

/** By what a company knows a resource: there are no two of the same. */
export interface ResourceIdentity {
  readonly namespace: string;
  readonly type: string;
  readonly name: string;
  /** The key of an environment; null where it is the same in all of them. */
  readonly environment: string | null;
}

/** The part of a resource that has a history and can be rolled back. */
export interface ResourceContent extends ResourceIdentity {
  readonly lifecycleStatus: LifecycleStatus;
  readonly description: string | null;
  readonly ownerTeamId: TeamId | null;
  readonly labels: Labels;
  readonly annotations: Annotations;
  readonly links: readonly Link[];
  readonly endpoints: readonly Endpoint[];
  /** How long after it was last heard of it is stale; null: never. */
  readonly ttlSeconds: number | null;
}

export const RESOURCE_NAME_LENGTH_MAX = 100;
export const RESOURCE_TYPE_LENGTH_MAX = 50;
export const RESOURCE_DESCRIPTION_LENGTH_MAX = 255;
export const NAMESPACE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
export const NAMESPACE_LENGTH_MAX = 63;
/** One line of text. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** What a resource is unless something else is said. */
export const USUAL_CONTENT = {
  namespace: 'default',
  environment: null,
  lifecycleStatus: 'active',
  description: null,
  ownerTeamId: null,
  labels: {},
  annotations: {},
  links: [],
  endpoints: [],
  ttlSeconds: null,
} as const satisfies Partial<ResourceContent>;

/** Everything that is wrong with the content of a resource, each mistake at its place on the wire. */
export function contentMistakes(content: ResourceContent): Violation[] {
  const { namespace, type, name, environment, description, ttlSeconds } = content;
  const isNamespace = namespace.length <= NAMESPACE_LENGTH_MAX && NAMESPACE.test(namespace);
  const isTtl =
    ttlSeconds === null || (Number.isInteger(ttlSeconds) && ttlSeconds >= 1 && ttlSeconds <= TTL_SECONDS_MAX);
  const isDescription = description === null || lengthOf(description) <= RESOURCE_DESCRIPTION_LENGTH_MAX;
  return [
    ...(isNamespace ? [] : [wrong('/namespace', 'pattern', NAMESPACE_RULE)]),
    ...lineMistakes(type, '/type', RESOURCE_TYPE_LENGTH_MAX),
    ...lineMistakes(name, '/name', RESOURCE_NAME_LENGTH_MAX),
    ...(environment === null || SLUG.test(environment) ? [] : [wrong('/environment', 'pattern', SLUG_RULE)]),
    ...(isDescription ? [] : [wrong('/description', 'too_long', DESCRIPTION_RULE)]),
    ...labelMistakes(content.labels, '/labels'),
    ...annotationMistakes(content.annotations),
    ...linkMistakes(content.links),
    ...endpointsMistakes(content.endpoints),
    ...(isTtl ? [] : [wrong('/ttl_seconds', 'range', TTL_RULE)]),
  ];
}

const NAMESPACE_RULE = 'It has 1 to 63 of letters, digits, - _ . and begins and ends with a letter or digit.';
const DESCRIPTION_RULE = `It has at most ${RESOURCE_DESCRIPTION_LENGTH_MAX} characters.`;
const TTL_RULE = `It is a whole number from 1 to ${TTL_SECONDS_MAX}.`;
const SLUG_RULE = 'It has 1 to 63 of a-z 0-9 - and does not begin with -.';

function lineMistakes(text: string, pointer: string, max: number): Violation[] {
  const isLine = text.trim() !== '' && lengthOf(text) <= max && !CONTROL.test(text);
  return isLine ? [] : [wrong(pointer, 'length', `It is one line of 1 to ${max} characters.`)];
}

const wrong = (pointer: string, code: string, detail: string): Violation => ({ pointer, code, detail });
