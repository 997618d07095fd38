import { IdConflict } from '#shared-kernel';
import type { VersionedState } from '#shared-kernel';
import type { Clashes } from '#platform/testing';

type Named = VersionedState & { readonly name: string };

/** What has this name. */
export const isNamed =
  (tenant: string | null, name: string) =>
  (state: Named): boolean =>
    state.tenant === tenant && state.name === name;

/** One of each name in a tenant. */
export const uniqueNames = <State extends Named>(taken: (state: State) => Error): Clashes<State> => ({
  idUsed: () => new IdConflict(),
  between: (state, others) => (others.some(isNamed(state.tenant, state.name)) ? taken(state) : null),
});
