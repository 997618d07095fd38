import type { EndpointOptions } from './endpoint.js';
import type { ItemRoutes, Own, ResourceKind } from './resource-routes.js';
import type { ResourceResponse } from './resource-response.js';

const CREATED = 201;
export const UNCHANGED = 200;

const REFUSED_CHANGES = ['not-found', 'stale', 'too-large', 'unsupported'] as const;

type Kind = ResourceKind<never, never, ResourceResponse>;
type Collection = Kind & {
  readonly create: Own & Pick<EndpointOptions, 'returns'>;
  readonly list: Own & Pick<EndpointOptions, 'returns'>;
};
type Item = Kind & Pick<ItemRoutes<never, never, never, never>, 'get' | 'update' | 'patch' | 'delete'>;

/** What the routes of a collection promise. */
export function collectionEndpoints({ create, list, ...kind }: Collection) {
  const { name, names, noun, nouns, read, write, returns } = kind;
  return {
    create: {
      name: `create${name}`,
      summary: `Create ${noun}`,
      ...described(create.note),
      allow: write,
      status: CREATED,
      also: { [UNCHANGED]: 'It is there already, with this id and this content.' },
      returns: create.returns ?? returns,
      refuses: ['too-large', 'unsupported', ...(create.refuses ?? [])],
    },
    list: {
      name: `list${names}`,
      summary: `List ${nouns}`,
      ...described(list.note),
      allow: read,
      returns: list.returns,
      refuses: list.refuses ?? [],
    },
  } satisfies Record<string, EndpointOptions>;
}

/** What the routes of one resource promise. */
export function itemEndpoints({ get = {}, update, patch, delete: removal, ...kind }: Item) {
  const { name, noun, read, write, returns } = kind;
  return {
    get: {
      name: `get${name}`,
      summary: `Get ${noun}`,
      ...described(get.note),
      allow: read,
      returns,
      refuses: ['not-found', 'gone', ...(get.refuses ?? [])],
    },
    update: {
      name: `update${name}`,
      summary: `Change ${noun}`,
      ...described(update.note ?? 'What is absent stays as it is, null clears.'),
      allow: write,
      returns,
      refuses: [...REFUSED_CHANGES, ...(update.refuses ?? [])],
    },
    patch: {
      name: `patch${name}`,
      summary: `Change ${noun} by merge patch`,
      ...described(patch.note),
      allow: write,
      returns,
      refuses: [...REFUSED_CHANGES, ...(patch.refuses ?? [])],
    },
    delete: {
      name: `delete${name}`,
      summary: removal.summary,
      ...described(removal.note),
      allow: write,
      status: 204,
      refuses: ['not-found', 'stale', ...(removal.refuses ?? [])],
    },
  } satisfies Record<string, EndpointOptions>;
}

const described = (note: string | undefined): { readonly description?: string } =>
  note === undefined ? {} : { description: note };
