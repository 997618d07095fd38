import { pointerToken } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { NAMESPACE_DEFAULT, refText } from './entity-ref.js';

/** A value of JSON whose shape is not known. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * What describes one thing to Backstage
 * (https://backstage.io/docs/features/software-catalog/descriptor-format), checked as far as this catalog reads it.
 */
export interface Entity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec: Members;
}

interface Metadata extends Members {
  readonly name: string;
  readonly namespace?: string;
  readonly title?: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly links?: readonly Readonly<Record<string, string>>[];
}

/** The kinds that become something here. */
export const KINDS = ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User'] as const;
export type Kind = (typeof KINDS)[number];

/** Parts that Backstage makes itself and that say nothing of the thing. */
const MADE_BY_SERVERS = ['uid', 'etag', 'generation'];
const API_VERSION = /^backstage\.io\/v1(?:alpha|beta)1$/;
const NAME = /^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$/;
const NAMESPACE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/i;
const NAME_LENGTH_MAX = 63;
const KEY_OF_METADATA = ['labels', 'annotations'];

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const kindOf = (entity: Entity): Kind => entity.kind as Kind;

export const namespaceOf = ({ metadata }: Entity): string => metadata.namespace ?? NAMESPACE_DEFAULT;

export const refOf = (entity: Entity): string =>
  refText({ kind: entity.kind, namespace: namespaceOf(entity), name: entity.metadata.name });

/** Whether an entity may be called so. */
export const isEntityName = (text: string): boolean => text.length <= NAME_LENGTH_MAX && NAME.test(text);
export const isEntityNamespace = (text: string): boolean =>
  text.length <= NAME_LENGTH_MAX && NAMESPACE.test(text);

/** What something is called that may be wrong in every other respect; null when that cannot be told. */
export function refWithin(value: unknown): string | null {
  if (!isMembers(value) || !isMembers(value['metadata'])) return null;
  const { kind } = value;
  const { name, namespace = NAMESPACE_DEFAULT } = value['metadata'];
  if (typeof kind !== 'string' || typeof name !== 'string' || typeof namespace !== 'string') return null;
  return isEntityName(name) && isEntityNamespace(namespace) ? refText({ kind, namespace, name }) : null;
}

/** What was read of a value: an entity, or everything that keeps it from being one. */
export type EntityReading = { readonly entity: Entity } | { readonly violations: readonly Violation[] };

/** Reads one entity; pointers are within it. */
export function readEntity(value: unknown): EntityReading {
  if (!isMembers(value)) return { violations: [mistake('', 'type', 'An entity is an object.')] };
  const kind = KINDS.find((one) => one.toLowerCase() === String(value['kind']).toLowerCase());
  const violations = [...envelopeMistakes(value, kind), ...metadataMistakes(value['metadata'])];
  if (violations.length > 0) return { violations };
  const metadata = Object.fromEntries(
    Object.entries(value['metadata'] as Members).filter(([name]) => !MADE_BY_SERVERS.includes(name)),
  );
  const { relations: _, status: __, ...own } = value; // Made by Backstage, too.
  return { entity: { ...own, kind, metadata, spec: own['spec'] ?? {} } as unknown as Entity };
}

function envelopeMistakes(value: Members, kind: Kind | undefined): Violation[] {
  const { apiVersion, spec = {} } = value;
  const violations: Violation[] = [];
  if (typeof apiVersion !== 'string') violations.push(mistake('/apiVersion', 'required', 'It is required.'));
  if (typeof value['kind'] !== 'string') violations.push(mistake('/kind', 'required', 'It is required.'));
  else if (!kind)
    violations.push(
      mistake('/kind', 'kind_unknown', `The catalog has no place for it; it takes ${KINDS.join(', ')}.`),
    );
  else if (typeof apiVersion === 'string' && !API_VERSION.test(apiVersion))
    violations.push(mistake('/apiVersion', 'choice', 'It is backstage.io/v1alpha1 or backstage.io/v1beta1.'));
  if (!isMembers(spec)) violations.push(mistake('/spec', 'type', 'It must be an object.'));
  return violations;
}

function metadataMistakes(metadata: unknown): Violation[] {
  if (!isMembers(metadata)) return [mistake('/metadata', 'required', 'It is required: an object.')];
  const { name, namespace, title, description, links } = metadata;
  return [
    ...nameMistakes(name),
    ...(namespace === undefined || (typeof namespace === 'string' && isEntityNamespace(namespace))
      ? []
      : [
          mistake(
            '/metadata/namespace',
            'pattern',
            'It has at most 63 of letters and digits, with single - between.',
          ),
        ]),
    ...textMistakes({ title, description }, '/metadata'),
    ...KEY_OF_METADATA.flatMap((part) => textsMistakes(metadata[part], `/metadata/${part}`)),
    ...linkMistakes(links),
  ];
}

function nameMistakes(name: unknown): Violation[] {
  if (name === undefined) return [mistake('/metadata/name', 'required', 'It is required.')];
  if (typeof name === 'string' && isEntityName(name)) return [];
  const detail = 'It has at most 63 of letters and digits, with single - _ . between.';
  return [mistake('/metadata/name', typeof name === 'string' ? 'pattern' : 'type', detail)];
}

const textMistakes = (texts: Members, pointer: string): Violation[] =>
  Object.entries(texts)
    .filter(([, text]) => text !== undefined && typeof text !== 'string')
    .map(([name]) => mistake(`${pointer}/${pointerToken(name)}`, 'type', 'It must be a string.'));

function textsMistakes(texts: unknown, pointer: string): Violation[] {
  if (texts === undefined) return [];
  return isMembers(texts)
    ? textMistakes(texts, pointer)
    : [mistake(pointer, 'type', 'It must be an object.')];
}

function linkMistakes(links: unknown): Violation[] {
  const pointer = '/metadata/links';
  if (links === undefined) return [];
  if (!Array.isArray(links)) return [mistake(pointer, 'type', 'It must be a list.')];
  return links.flatMap((link: unknown, index) => {
    const at = `${pointer}/${index}`;
    if (!isMembers(link)) return [mistake(at, 'type', 'It must be an object.')];
    const { url, title, type, icon } = link;
    const missing = url === undefined ? [mistake(`${at}/url`, 'required', 'It is required.')] : [];
    return [...missing, ...textMistakes({ url, title, type, icon }, at)];
  });
}

export const mistake = (pointer: string, code: string, detail: string): Violation => ({
  pointer,
  code,
  detail,
});
