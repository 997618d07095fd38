import type { Reference } from '#flag-evaluator';

/** A flag or segment that refers to another one. */
export interface User extends Reference {
  readonly tenant: string | null;
}

/**
 * Which flags and segments refer to which, by name. What is shared refers to what is shared; what a tenant owns refers to
 * the tenant's own first, then to what is shared. So only what has the same owner can stand in one circle.
 */
export abstract class ReferenceGraph {
  /**
   * Nobody else changes, until this unit of work ends, what the references of this owner depend on. Two saves that
   * together would make a circle thereby come one after the other, and the second one sees the first.
   */
  abstract hold(tenant: string | null): Promise<void>;

  /** Those of the references that lead somewhere, for one with this owner; what has the id `except` does not count. */
  abstract existing(
    tenant: string | null,
    references: readonly Reference[],
    except: string,
  ): Promise<Reference[]>;

  /** What each flag and segment of this owner refers to, by `keyOf`. */
  abstract edgesOf(tenant: string | null): Promise<ReadonlyMap<string, readonly Reference[]>>;

  /** Some of those that refer to this one, by name; users that are archived count. */
  abstract usersOf(tenant: string | null, reference: Reference): Promise<User[]>;
}

/** What a reference is called in maps, and where it is stored. */
export const keyOf = ({ kind, name }: Reference): string => `${kind}:${name}`;

/** The other way round. */
export function fromKey(key: string): Reference {
  const [kind, name = ''] = key.split(':');
  return { kind: kind === 'segment' ? 'segment' : 'flag', name };
}
