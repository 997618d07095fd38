import { InMemoryUnitOfWork, SetClock, VersionsInMemory } from '#platform/testing';
import { IdConflict } from '#shared-kernel';
import { CompanyOf } from '../application/company-of.js';
import type { AskedHome, Home, LooseHome } from '../application/company-of.js';
import { MemberService } from '../application/member.service.js';
import { OwnedKinds } from '../application/owned-things.js';
import { TeamChanges } from '../application/team-changes.js';
import { TeamEstate } from '../application/team-estate.js';
import { TeamHoldings } from '../application/team-holdings.js';
import { TeamRemovalService } from '../application/team-removal.service.js';
import { TeamService } from '../application/team.service.js';
import { UserService } from '../application/user.service.js';
import { companyId } from '../domain/identity.js';
import type { CompanyId, Slug, TeamId, UserId } from '../domain/identity.js';
import { contentOf as teamContentOf, Team } from '../domain/team.js';
import type { TeamContent, TeamState } from '../domain/team.js';
import { TeamNotFound, TeamSlugTaken } from '../domain/team-errors.js';
import type { TeamNode } from '../domain/team-errors.js';
import { TeamRepository } from '../domain/team.repository.js';
import { TeamTree } from '../domain/team-tree.js';
import { contentOf as userContentOf, User } from '../domain/user.js';
import type { UserContent, UserState } from '../domain/user.js';
import { emailKey } from '../domain/user-email.js';
import { UserEmailTaken, UserNotFound } from '../domain/user-errors.js';
import { UserRepository } from '../domain/user.repository.js';

/** The one company that there is in memory. */
export const THE_COMPANY = companyId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10');

class TheCompany extends CompanyOf {
  override async of({ companyId: id }: AskedHome): Promise<Home> {
    return { companyId: (id ?? THE_COMPANY) as CompanyId, tenant: null };
  }

  override ofOrNone(asked: AskedHome): Promise<LooseHome> {
    return this.of(asked);
  }

  override seenOrNone(asked: AskedHome): Promise<LooseHome> {
    return this.of(asked);
  }
}

class InMemoryUserRepository extends UserRepository {
  readonly versions: VersionsInMemory<UserState>;

  constructor(clock: SetClock) {
    super();
    this.versions = new VersionsInMemory<UserState>(clock, {
      idUsed: () => new IdConflict(),
      between: ({ companyId: company, email }, others) =>
        others.some((other) => other.companyId === company && emailKey(other.email) === emailKey(email))
          ? new UserEmailTaken(company, email, null)
          : null,
    });
  }

  override async companyOf(id: UserId): Promise<CompanyId> {
    return this.#known(id).companyId;
  }

  override async get(id: UserId): Promise<User> {
    return User.restore(this.#known(id));
  }

  override async findIn(company: CompanyId, id: UserId): Promise<User | null> {
    const state = this.versions.get(id);
    return state?.companyId === company ? User.restore(state) : null;
  }

  override async find(id: UserId): Promise<UserState | null> {
    return this.versions.get(id) ?? null;
  }

  override async findByEmail(company: CompanyId, email: string): Promise<UserId | null> {
    const key = emailKey(email);
    const isIt = (state: UserState): boolean => state.companyId === company && emailKey(state.email) === key;
    return this.versions.all.find(isIt)?.id ?? null;
  }

  override async contentAt(id: UserId, version: number): Promise<UserContent> {
    return userContentOf(this.versions.at(id, version));
  }

  override async isIdUsed(id: UserId): Promise<boolean> {
    return this.versions.isUsed(id);
  }

  override async save(user: User): Promise<void> {
    this.versions.save(user);
  }

  #known(id: UserId): UserState {
    const state = this.versions.get(id);
    if (!state) throw new UserNotFound();
    return state;
  }
}

class InMemoryTeamRepository extends TeamRepository {
  readonly versions: VersionsInMemory<TeamState>;

  constructor(clock: SetClock) {
    super();
    this.versions = new VersionsInMemory<TeamState>(clock, {
      idUsed: () => new IdConflict(),
      between: ({ companyId: company, slug }, others) =>
        others.some((other) => other.companyId === company && other.slug === slug)
          ? new TeamSlugTaken(company, slug, null)
          : null,
    });
  }

  override async companyOf(id: TeamId): Promise<CompanyId> {
    return this.#known(id).companyId;
  }

  override async get(id: TeamId): Promise<Team> {
    return Team.restore(this.#known(id));
  }

  override async find(id: TeamId): Promise<TeamState | null> {
    return this.versions.get(id) ?? null;
  }

  override async findBySlug(company: CompanyId, slug: Slug): Promise<TeamId | null> {
    const isIt = (state: TeamState): boolean => state.companyId === company && state.slug === slug;
    return this.versions.all.find(isIt)?.id ?? null;
  }

  override async childrenOf(id: TeamId): Promise<readonly Team[]> {
    return this.versions.all
      .filter(({ parentId }) => parentId === id)
      .sort((one, other) => (one.id < other.id ? -1 : 1))
      .map((state) => Team.restore(state));
  }

  override async contentAt(id: TeamId, version: number): Promise<TeamContent> {
    return teamContentOf(this.versions.at(id, version));
  }

  override async isIdUsed(id: TeamId): Promise<boolean> {
    return this.versions.isUsed(id);
  }

  override async save(team: Team): Promise<void> {
    this.versions.save(team);
  }

  #known(id: TeamId): TeamState {
    const state = this.versions.get(id);
    if (!state) throw new TeamNotFound();
    return state;
  }
}

class InMemoryTeamTree extends TeamTree {
  constructor(private readonly teams: InMemoryTeamRepository) {
    super();
  }

  /** Units of work in memory are done one after another as it is. */
  override async hold(): Promise<void> {}

  override async pathOf(id: TeamId): Promise<readonly TeamNode[]> {
    const path: TeamState[] = [];
    let state = this.teams.versions.get(id);
    while (state) {
      path.push(state);
      state = state.parentId === null ? undefined : this.teams.versions.get(state.parentId);
    }
    return path.map((node) => ({ id: node.id, slug: node.slug }));
  }

  override async heightOf(id: TeamId): Promise<number> {
    const heights = (await this.teams.childrenOf(id)).map(({ snapshot }) => this.heightOf(snapshot.id));
    return 1 + Math.max(0, ...(await Promise.all(heights)));
  }
}

/** The services of people, put together on what is in memory. */
export class TeamServicesInMemory {
  readonly clock = new SetClock(new Date('2026-05-01T10:00:00.000Z'));
  readonly users = new InMemoryUserRepository(this.clock);
  readonly teams = new InMemoryTeamRepository(this.clock);
  readonly tree = new InMemoryTeamTree(this.teams);
  readonly kinds = new OwnedKinds();
  readonly holdings = new TeamHoldings();
  readonly #unitOfWork = new InMemoryUnitOfWork(this.users.versions, this.teams.versions);
  readonly #company = new TheCompany();
  readonly #changes = new TeamChanges(this.teams, this.tree, this.#unitOfWork);
  readonly #estate = new TeamEstate(this.teams, this.users, this.#changes, this.tree, this.kinds);
  readonly userService = new UserService(this.users, this.teams, this.tree, this.#company, this.#unitOfWork);
  readonly teamService = new TeamService(this.teams, this.#changes, this.tree, this.#company);
  readonly removal = new TeamRemovalService(this.#changes, this.#estate, this.holdings, this.#unitOfWork);
  readonly memberService = new MemberService(this.#changes, this.teams, this.users, this.clock);
}
