/**
 * The name of an entity among all: `kind:namespace/name` in lower case, because Backstage tells no case apart in them
 * (https://backstage.io/docs/features/software-catalog/references).
 */
export interface EntityRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export const NAMESPACE_DEFAULT = 'default';

/** What a short reference leaves out. */
export interface RefDefaults {
  /** Null: the kind has to be said. */
  readonly kind: string | null;
  readonly namespace: string;
}

const REF = /^(?:([^:/\s]+):)?(?:([^:/\s]+)\/)?([^:/\s]+)$/;
const REF_LENGTH_MAX = 200;

/** `[kind:][namespace/]name`; null where it is none. */
export function parseRef(text: unknown, defaults: RefDefaults): string | null {
  if (typeof text !== 'string' || text.length > REF_LENGTH_MAX) return null;
  const [, kind = defaults.kind, namespace = defaults.namespace, name] = REF.exec(text) ?? [];
  if (name === undefined || kind === null) return null;
  return refText({ kind, namespace, name });
}

export const refText = ({ kind, namespace, name }: EntityRef): string =>
  `${kind}:${namespace}/${name}`.toLowerCase();

/** The parts of a whole reference. */
export function partsOf(ref: string): EntityRef {
  const [, kind = '', namespace = '', name = ''] = REF.exec(ref) ?? [];
  return { kind, namespace, name };
}

/** As short as the place allows. */
export function shortRef(ref: string, defaults: RefDefaults): string {
  const { kind, namespace, name } = partsOf(ref);
  const place = namespace === defaults.namespace.toLowerCase() ? name : `${namespace}/${name}`;
  return kind === defaults.kind ? place : `${kind}:${place}`;
}
