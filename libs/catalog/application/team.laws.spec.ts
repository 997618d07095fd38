import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { DomainError } from '#shared-kernel';
import { teamId, userId } from '../domain/identity.js';
import type { TeamId, UserId } from '../domain/identity.js';
import { MEMBER_ROLES } from '../domain/member.js';
import type { MemberRole } from '../domain/member.js';
import type { TeamState } from '../domain/team.js';
import { slugFrom } from '../domain/team-slug.js';
import { TEAM_DEPTH_MAX } from '../domain/team-tree.js';
import { TeamServicesInMemory } from '../testing/team-services-in-memory.js';

let parts: TeamServicesInMemory;

beforeEach(() => {
  parts = new TeamServicesInMemory();
});

async function aTeam(parentId: TeamId | null = null): Promise<TeamId> {
  const id = teamId(uuidv7());
  const content = { name: id, slug: slugFrom(id, id), description: null, email: null, parentId, labels: {} };
  await parts.teamService.create({ id, idIsGiven: false, home: {}, content, reason: null });
  return id;
}

async function aUser(): Promise<UserId> {
  const id = userId(uuidv7());
  const content = { name: id, email: `${id}@example.com`, active: true, labels: {} };
  await parts.userService.create({ id, idIsGiven: false, home: {}, content, reason: null });
  return id;
}

const any = <Id>(id: Id): { id: Id; ifVersion: null } => ({ id, ifVersion: null });

/** What is asked of the teams, one thing after another; teams and users are named by their place in a list. */
type Asked =
  | { readonly what: 'move'; readonly team: number; readonly below: number | null }
  | { readonly what: 'admit'; readonly team: number; readonly user: number; readonly role: MemberRole }
  | { readonly what: 'dismiss'; readonly team: number; readonly user: number }
  | { readonly what: 'delete'; readonly team: number; readonly heir: number | null }
  | { readonly what: 'leave'; readonly user: number }
  | { readonly what: 'rollBack'; readonly team: number; readonly version: number };

const TEAMS = 11;
const USERS = 3;
/** The first eight stand in a chain to begin with, which nothing more fits below. */
const CHAIN = 8;
const team = fc.nat({ max: TEAMS - 1 });
/** Few of them have members, so that they have several. */
const joined = fc.constantFrom(0, 8, 9);
const user = fc.nat({ max: USERS - 1 });
const asked: fc.Arbitrary<Asked> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ what: fc.constant('move'), team, below: fc.option(team, { freq: 8 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('admit'),
      team: joined,
      user,
      role: fc.constantFrom(...MEMBER_ROLES),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('dismiss'), team: joined, user }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('delete'), team, heir: fc.option(team, { freq: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('leave'), user }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('rollBack'), team, version: fc.integer({ min: 1, max: 6 }) }),
  },
) as fc.Arbitrary<Asked>;

function ask(step: Asked, teams: readonly TeamId[], users: readonly UserId[]): Promise<unknown> {
  const teamAt = (place: number): TeamId => teams[place] ?? teamId(uuidv7());
  const userAt = (place: number): UserId => users[place] ?? userId(uuidv7());
  switch (step.what) {
    case 'move': {
      const parentId = step.below === null ? null : teamAt(step.below);
      return parts.teamService.revise(any(teamAt(step.team)), () => ({ parentId }), null);
    }
    case 'admit': {
      const member = { userId: userAt(step.user), role: step.role, reason: null };
      return parts.memberService.admit(any(teamAt(step.team)), member);
    }
    case 'dismiss':
      return parts.memberService.dismiss(any(teamAt(step.team)), userAt(step.user), null);
    case 'delete': {
      if (step.heir === null) return parts.removal.delete(any(teamAt(step.team)), null);
      const heir = { id: teamAt(step.heir), pointer: '/reassign_to' };
      return parts.removal.deleteInFavourOf(any(teamAt(step.team)), heir, null);
    }
    case 'leave':
      return parts.userService.delete(any(userAt(step.user)), null);
    case 'rollBack':
      return parts.teamService.rollBack(any(teamAt(step.team)), step.version, null);
  }
}

/** Done, or refused in the words of the domain; anything else is a mistake of ours. */
async function tried(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return false;
  }
}

/** The teams from which no root is reached in as many steps as the tree may be deep: none. */
function outOfTree(): readonly TeamId[] {
  const states = parts.teams.versions.all;
  const parentOf = new Map(states.map(({ id, parentId }) => [id, parentId]));
  const isOut = (id: TeamId): boolean => {
    let at: TeamId | null | undefined = id;
    for (let depth = 0; at && depth < TEAM_DEPTH_MAX; depth += 1) at = parentOf.get(at);
    return at !== null; // Undefined: a team above that is gone. An id: too deep, or in a circle.
  };
  return states.map(({ id }) => id).filter(isOut);
}

/** What the teams say of their members, and what the members say of their teams: the same. */
function bothSides(): { said: string; mirrored: string } {
  const said = parts.teams.versions.all.flatMap(({ id, members }) =>
    members.map(({ userId: member, role, since }) => `${id} ${member} ${role} ${since.toISOString()}`),
  );
  const mirrored = parts.users.versions.all.flatMap(({ id, teams }) =>
    teams.map(({ teamId: of, role, since }) => `${of} ${id} ${role} ${since.toISOString()}`),
  );
  return { said: said.sort().join('\n'), mirrored: mirrored.sort().join('\n') };
}

/** The teams that have no owner any more, of those that had one; those that have one now are noted. */
function orphaned(owned: Set<TeamId>): readonly TeamId[] {
  const states = parts.teams.versions.all;
  const isOwned = ({ members }: TeamState): boolean => members.some(({ role }) => role === 'owner');
  for (const state of states.filter(isOwned)) owned.add(state.id);
  return states.filter((state) => owned.has(state.id) && !isOwned(state)).map(({ id }) => id);
}

it('whatever is asked, teams stand in a tree, and teams and users say the same of each other', async () => {
  const outcomes = new Set<boolean>();
  const round = async (steps: readonly Asked[]): Promise<void> => {
    parts = new TeamServicesInMemory();
    const teams: TeamId[] = [];
    for (let place = 0; place < TEAMS; place += 1) {
      teams.push(await aTeam(place >= CHAIN ? null : (teams[place - 1] ?? null)));
    }
    const users = [await aUser(), await aUser(), await aUser()];
    const owned = new Set<TeamId>();
    for (const step of steps) {
      outcomes.add(await tried(ask(step, teams, users)));
      const { said, mirrored } = bothSides();
      const found = { out: outOfTree(), mirrored, orphaned: orphaned(owned) };
      expect(found).toEqual({ out: [], mirrored: said, orphaned: [] });
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(asked, { minLength: 20, maxLength: 40 }), round), {
    numRuns: 60,
  });
  expect(outcomes).toEqual(new Set([true, false]));
});

it('a slug from any name is a slug', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (name) => {
      expect(slugFrom(name, teamId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10'))).toMatch(
        /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      );
    }),
  );
});
