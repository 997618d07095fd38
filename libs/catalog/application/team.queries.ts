import type { Page, PageRequest, PastStateOf, PastVersion, Selector, Stamp } from '#shared-kernel';
import type { CompanyId, TeamId, UserId } from '../domain/identity.js';
import type { TeamState } from '../domain/team.js';

/** A team as it is shown. */
export interface TeamView extends Omit<TeamState, 'stamp'> {
  readonly stamp: Stamp;
}

/** Which teams a list shows. */
export interface TeamFilter {
  /** The tenant looked for; its teams and the shared ones. */
  readonly tenant: string | null;
  readonly companyIds?: readonly CompanyId[] | undefined;
  /** Right below any of these. */
  readonly parentIds?: readonly TeamId[] | undefined;
  /** True: only those below no other; false: only those below one. */
  readonly isRoot?: boolean | undefined;
  readonly slugs?: readonly string[] | undefined;
  /** With any of these among its members. */
  readonly memberIds?: readonly UserId[] | undefined;
  readonly selector?: Selector | undefined;
  /** Anywhere in name, slug or description, whatever the case. */
  readonly q?: string | undefined;
  /** Changed at this instant or later. */
  readonly updatedSince?: Date | undefined;
}

/** Something that a team owns in the catalog. */
export interface Possession {
  readonly kind: 'environment' | 'resource' | 'team';
  readonly id: string;
  readonly name: string;
  /** What it is found by: the key of an environment, the namespace of a resource, the slug of a team. */
  readonly key: string;
  /** The tier of an environment, the type of a resource; null for a team. */
  readonly type: string | null;
  /** Of a resource; else null. */
  readonly environment: string | null;
}

/** Everything that is read of teams. An abstract class, so that it is also its injection token. */
export abstract class TeamQueries {
  /** @throws TeamNotFound */
  abstract get(id: TeamId): Promise<TeamView>;

  /** As it was at an instant. @throws NoHistory before it was there, GoneThen when it was gone */
  abstract asOf(id: TeamId, at: Date): Promise<TeamView>;

  /** @throws InvalidInput, InvalidCursor */
  abstract page(filter: TeamFilter, request: PageRequest): Promise<Page<TeamView>>;

  /** What the team owns in the catalog: environments, resources, and the teams right below it. @throws TeamNotFound, InvalidCursor */
  abstract owned(id: TeamId, request: PageRequest): Promise<Page<Possession>>;

  /** Newest first. @throws NoHistory, InvalidCursor */
  abstract versions(id: TeamId, request: PageRequest): Promise<Page<PastVersion>>;

  /** @throws VersionNotFound */
  abstract version(id: TeamId, version: number): Promise<PastStateOf<TeamView>>;
}
