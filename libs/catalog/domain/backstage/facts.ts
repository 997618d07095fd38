import type { Labels, Violation } from '#shared-kernel';
import type { MemberRole } from '../member.js';
import type { RelationType } from '../relation.js';
import type { ResourceContent } from '../resource-content.js';

/** What an entity says of a user, in the words of the catalog; others are named by whole references in lower case. */
export interface UserFacts {
  readonly is: 'user';
  readonly name: string;
  readonly email: string;
  readonly active: boolean;
  readonly labels: Labels;
  readonly memberOf: readonly string[];
}

/** What one says of a team. */
export interface TeamFacts {
  readonly is: 'team';
  readonly name: string;
  readonly slug: string;
  readonly description: string | null;
  readonly email: string | null;
  readonly labels: Labels;
  readonly parent: string | null;
  readonly children: readonly string[];
  /** By user; null where nothing is said of the role. */
  readonly members: Readonly<Record<string, MemberRole | null>>;
}

/** From the one that is spoken of to another. */
export interface RelationFacts {
  readonly type: RelationType;
  readonly to: string;
}

/** What one says of a resource. */
export interface ResourceFacts extends Omit<ResourceContent, 'ownerTeamId'> {
  readonly is: 'resource';
  readonly owner: string | null;
  readonly relations: readonly RelationFacts[];
  /** Who depends on it, where this one says so and not they. */
  readonly dependents: readonly string[];
}

export type Facts = UserFacts | TeamFacts | ResourceFacts;

/** What an entity says, or everything that keeps it from saying anything. */
export interface FactsReading<Said extends Facts = Facts> {
  /** Only what it says where `violations` is empty. */
  readonly facts: Said;
  readonly violations: readonly Violation[];
}

const DESCRIPTION_LENGTH_MAX = 255;

/** A text as long as the catalog keeps one. */
export function shortDescription(text: string | null | undefined): string | null {
  if (text === undefined || text === null || text === '') return null;
  const points = [...text];
  return points.length <= DESCRIPTION_LENGTH_MAX
    ? text
    : `${points.slice(0, DESCRIPTION_LENGTH_MAX - 1).join('')}…`;
}
