import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

/** How long a flag is meant to live: see `stale`. */
export const FLAG_KINDS = ['release', 'experiment', 'ops', 'permission'] as const;
export type FlagKind = (typeof FLAG_KINDS)[number];

/** What people know a flag by; evaluating looks at none of it but `isClientVisible`. */
export interface FlagProfile {
  readonly description: string | null;
  /** Trimmed, in lower case, each once, in the order given. */
  readonly tags: readonly string[];
  /** Who answers for it, for example a team. */
  readonly owner: string | null;
  readonly kind: FlagKind;
  /** Whether a browser's key may learn of it. */
  readonly isClientVisible: boolean;
}

export const DESCRIPTION_LENGTH_MAX = 1_000;
export const OWNER_LENGTH_MAX = 255;
export const TAGS_MAX = 50;
const TAG_LENGTH_MAX = 100;

/** One tag as it is stored. */
export const normalTag = (text: string): string => text.trim().toLowerCase();

/** @throws InvalidInput with everything that breaks a rule */
export function checkedProfile(profile: FlagProfile): FlagProfile {
  const tags = profile.tags.map(normalTag);
  const violations = [
    ...tooLong('/description', profile.description, DESCRIPTION_LENGTH_MAX),
    ...tooLong('/owner', profile.owner, OWNER_LENGTH_MAX),
    ...tagViolations(tags),
  ];
  if (violations.length > 0) throw new InvalidInput(violations);
  return { ...profile, tags: [...new Set(tags)] };
}

/** @throws InvalidInput */
export function checkedDescription(description: string | null): string | null {
  const violations = tooLong('/description', description, DESCRIPTION_LENGTH_MAX);
  if (violations.length > 0) throw new InvalidInput(violations);
  return description;
}

function tooLong(pointer: string, text: string | null, max: number): Violation[] {
  if (text === null || text.length <= max) return [];
  return [{ pointer, code: 'too_long', detail: `It has at most ${max} characters.` }];
}

function tagViolations(tags: readonly string[]): Violation[] {
  const violations: Violation[] = tags.flatMap((tag, index) =>
    tag.length >= 1 && tag.length <= TAG_LENGTH_MAX
      ? []
      : [
          {
            pointer: `/tags/${index}`,
            code: 'length',
            detail: `A tag has 1 to ${TAG_LENGTH_MAX} characters.`,
          },
        ],
  );
  if (new Set(tags).size <= TAGS_MAX) return violations;
  return [
    ...violations,
    { pointer: '/tags', code: 'too_many', detail: `There are at most ${TAGS_MAX} tags.` },
  ];
}
