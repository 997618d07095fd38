import type { Type } from '@nestjs/common';
import type { ErrorKind, ExpectedVersion, Page, PageRequest } from '#shared-kernel';
import type { ListQuery, PageResponse } from './list-query.js';
import type { ResourceResponse } from './resource-response.js';

/** How what was sent changes what is there: PUT replaces it, PATCH merges it by key (RFC 7396). */
export type Manner = 'replace' | 'merge';

/** A change that was asked for, and why. */
export interface AskedChange<Change> {
  readonly asked: Change;
  readonly reason: string | null;
}

/** What stands for something that is injected. */
export type Token<T> = abstract new (...args: never[]) => T;

/** What one of the routes has of its own. */
export interface Own {
  /** Its description. */
  readonly note?: string;
  /** How it may be refused besides by what every such route is refused by. */
  readonly refuses?: readonly ErrorKind[];
}

/** What a kind of resource is called, and how it is shown. */
export interface ResourceKind<View, State, Shown extends ResourceResponse> {
  /** Where its resources lie, for example `teams`. */
  readonly path: string;
  readonly tag: string;
  /** One and several, as in operationIds, for example `Team` and `Teams`: createTeam, listTeams, getTeam. */
  readonly name: string;
  readonly names: string;
  /** One with its article, and several, for example `a team` and `teams`. */
  readonly noun: string;
  readonly nouns: string;
  /** The permissions. */
  readonly read: string;
  readonly write: string;
  readonly returns: Type<Shown>;
  /** As somebody of this tenant sees it; null: who is of none. */
  readonly toResponse: (view: View, tenant: string | null) => Shown;
  readonly toStored: (state: State, tenant: string | null) => Shown;
  /** Does a write, and tells its refusals at the places of the wire where the domain has others. */
  readonly tell?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How the service makes one of them. */
export interface Makes<State, New> {
  create(
    request: New,
  ): Promise<{ readonly state: State; readonly outcome: 'created' | 'updated' | 'unchanged' }>;
}

export interface ReadsNew<New> {
  /** @throws InvalidInput */
  toNew(sent: unknown): Promise<New>;
}

export interface Lists<View, Filter> {
  page(filter: Filter, request: PageRequest): Promise<Page<View>>;
}

/** How resources are made and listed. */
export interface CollectionRoutes<View, State, New, Sought extends ListQuery, Filter> {
  readonly service: Token<Makes<State, New>>;
  readonly bodies: Token<ReadsNew<New>>;
  readonly queries: Token<Lists<View, Filter>>;
  readonly create: Own & {
    readonly takes: Type;
    /** Where whoever made it is told more than others. */
    readonly returns?: Type;
    /** The answer to whoever made it holds a secret: it is kept out of every cache. */
    readonly tellsSecret?: true;
  };
  readonly list: Own & {
    readonly takes: Type<Sought>;
    readonly returns: Type<PageResponse<object>>;
    /** The tenant is the one whose rows are looked for. @throws InvalidInput */
    readonly filter: (query: Sought, tenant: string | null) => Filter;
  };
}

/** Which resource to change, and the version the caller looked at when deciding to (null: any). */
export interface Target<Id> {
  readonly id: Id;
  readonly ifVersion: ExpectedVersion;
}

export interface Changes<Id, State, Change> {
  revise(target: Target<Id>, asked: Change, reason: string | null): Promise<State>;
  delete(target: Target<Id>, reason: string | null): Promise<void>;
}

export interface ReadsChanges<Change> {
  /** @throws InvalidInput */
  toRevision(sent: unknown, manner: Manner): Promise<AskedChange<Change>>;
}

export interface Shows<Id, View> {
  get(id: Id): Promise<View>;
  asOf(id: Id, at: Date): Promise<View>;
}

/** How one resource is shown, changed and deleted. */
export interface ItemRoutes<Id, View, State, Change> {
  readonly service: Token<Changes<Id, State, Change>>;
  readonly bodies: Token<ReadsChanges<Change>>;
  readonly queries: Token<Shows<Id, View>>;
  /** @throws InvalidInput */
  readonly idOf: (text: string) => Id;
  readonly get?: Own;
  readonly update: Own & { readonly takes: Type };
  readonly patch: Own & { readonly takes: Type };
  readonly delete: Own & {
    /** For example `Delete a team that nothing belongs to; its history stays`. */
    readonly summary: string;
  };
}
