import type { CompanyId, TeamId } from './identity.js';
import { TeamCycle, TeamTooDeep } from './team-errors.js';
import type { TeamNode } from './team-errors.js';

/** A team with everything below it. */
export interface Subtree {
  readonly id: TeamId;
  /** How many levels it has; a team without others below it has one. */
  readonly height: number;
}

/** A root has depth 1. */
export const TEAM_DEPTH_MAX = 8;

/**
 * How the teams of a company stand below each other. An abstract class, so that it is also its injection token.
 */
export abstract class TeamTree {
  /**
   * Lets nobody else change who stands where in this company, teams and members alike, until the end of the open unit of
   * work. Taken before any team or user is kept, so that two changes never wait for each other.
   */
  abstract hold(companyId: CompanyId): Promise<void>;

  /** From the team itself up to its root. */
  abstract pathOf(id: TeamId): Promise<readonly TeamNode[]>;

  abstract heightOf(id: TeamId): Promise<number>;
}

/**
 * Whether a subtree may stand below a team.
 * @param path from that team up to its root
 * @param pointer where the team is named
 * @throws TeamCycle, TeamTooDeep
 */
export function expectPlace(subtree: Subtree, path: readonly TeamNode[], pointer: string): void {
  const place = path.findIndex(({ id }) => id === subtree.id);
  const [self] = path.slice(place, place + 1);
  if (place >= 0 && self) throw new TeamCycle([self, ...path.slice(0, place + 1)], pointer);
  const depth = path.length + subtree.height;
  if (depth > TEAM_DEPTH_MAX) throw new TeamTooDeep(depth, TEAM_DEPTH_MAX, pointer);
}
