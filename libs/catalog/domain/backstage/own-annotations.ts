import { pointerToken } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { mistake } from './entity.js';
import type { Entity } from './entity.js';

/** Before the keys of annotations that say what a descriptor has no member for. */
export const OWN_PREFIX = 'metastore.io/';

/** What they are called behind the prefix. */
const TEXTS = ['name', 'namespace', 'type', 'environment', 'lifecycle-status', 'slug'] as const;
const VALUES = ['endpoints', 'ttl-seconds', 'relations', 'roles', 'active', 'annotations'] as const;
export type OwnText = (typeof TEXTS)[number];
/** These hold JSON. */
export type OwnValue = (typeof VALUES)[number];

const OWN = new Set([...TEXTS, ...VALUES].map((name) => `${OWN_PREFIX}${name}`));

/** What was read; undefined where there is none. */
export interface OwnReading {
  readonly value: unknown;
  readonly pointer: string;
  readonly violations: readonly Violation[];
}

export function own({ metadata }: Entity, name: OwnValue): OwnReading {
  const pointer = `/metadata/annotations/${pointerToken(`${OWN_PREFIX}${name}`)}`;
  const text = metadata.annotations?.[`${OWN_PREFIX}${name}`];
  if (text === undefined) return { value: undefined, pointer, violations: [] };
  try {
    return { value: JSON.parse(text) as unknown, pointer, violations: [] };
  } catch {
    return { value: undefined, pointer, violations: [mistake(pointer, 'json', 'It is no JSON.')] };
  }
}

/** A text of ours; null where there is none. */
export const ownText = (entity: Entity, name: OwnText): string | null =>
  entity.metadata.annotations?.[`${OWN_PREFIX}${name}`] ?? null;

/** Whether a key is one of ours, so that nobody else's annotation can have it. */
export const isOwn = (key: string): boolean => OWN.has(key);
