import { Injectable } from '@nestjs/common';
import { IdConflict, onceMore, sameJson, UnitOfWork } from '#shared-kernel';
import type { ExpectedVersion } from '#shared-kernel';
import type { UserId } from '../domain/identity.js';
import { LastOwner } from '../domain/member-errors.js';
import type { Team } from '../domain/team.js';
import { TeamRepository } from '../domain/team.repository.js';
import { TeamTree } from '../domain/team-tree.js';
import { contentOf, User } from '../domain/user.js';
import type { UserContent, UserRevision, UserState } from '../domain/user.js';
import { UserEmailTaken } from '../domain/user-errors.js';
import { UserRepository } from '../domain/user.repository.js';
import { CompanyOf } from './company-of.js';
import type { AskedHome } from './company-of.js';

/** Which user to change, and the version the caller looked at when deciding to (null: any). */
export interface UserAt {
  readonly id: UserId;
  readonly ifVersion: ExpectedVersion;
}

/** A user that is to be made. */
export interface NewUser {
  readonly id: UserId;
  /** The caller chose the id, so that it may repeat itself. */
  readonly idIsGiven: boolean;
  readonly home: AskedHome;
  readonly content: UserContent;
  readonly reason: string | null;
}

/** What became of a request to make a user. */
export interface StoredUser {
  readonly state: UserState;
  readonly outcome: 'created' | 'unchanged';
}

/** What is to change, decided on what is there. */
export type ReviseUser = (current: UserState) => UserRevision;

/** Everything that changes a user, but for its teams. */
@Injectable()
export class UserService {
  constructor(
    private readonly users: UserRepository,
    private readonly teams: TeamRepository,
    private readonly tree: TeamTree,
    private readonly companyOf: CompanyOf,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * The same id with the same content again is no conflict: the stored user is the answer.
   * @throws InvalidInput, CatalogReferenceUnknown, TenantForbidden, UserEmailTaken, IdConflict
   */
  create(request: NewUser): Promise<StoredUser> {
    return onceMore(request, (again) => this.#create(again));
  }

  #create({ id, idIsGiven, home, content, reason }: NewUser): Promise<StoredUser> {
    return this.#withHolder(async () => {
      const user = User.create({ id, ...(await this.companyOf.of(home)) }, content, reason);
      if (idIsGiven && (await this.users.isIdUsed(id))) return this.#repeat(user.snapshot);
      await this.users.save(user);
      return { state: user.snapshot, outcome: 'created' };
    });
  }

  /** @throws UserNotFound, StaleVersion, UserEmailTaken, InvalidInput */
  revise(target: UserAt, revise: ReviseUser, reason: string | null): Promise<UserState> {
    return this.#change(target, (user) => user.revise(revise(user.snapshot), reason));
  }

  /** @throws UserNotFound, StaleVersion, VersionNotFound, UserEmailTaken */
  rollBack(target: UserAt, version: number, reason: string | null): Promise<UserState> {
    return this.#change(target, async (user) => {
      user.revertTo(await this.users.contentAt(target.id, version), version, reason);
    });
  }

  /** The user leaves its teams with it. @throws UserNotFound, StaleVersion, LastOwner */
  delete(target: UserAt, reason: string | null): Promise<void> {
    return this.unitOfWork.run(async () => {
      await this.tree.hold(await this.users.companyOf(target.id));
      const user = await this.users.get(target.id);
      user.expectVersion(target.ifVersion);
      const teams = await this.#teamsOf(user.snapshot);
      const ownedAlone = teams.filter((team) => team.isOwnedAloneBy(target.id));
      if (ownedAlone.length > 0) throw new LastOwner(ownedAlone.map(({ snapshot }) => snapshot));
      for (const team of teams) {
        team.dismiss(target.id, reason);
        await this.teams.save(team);
      }
      user.delete(reason);
      await this.users.save(user);
    });
  }

  async #teamsOf({ teams }: UserState): Promise<Team[]> {
    const found: Team[] = [];
    for (const { teamId } of teams) found.push(await this.teams.get(teamId));
    return found;
  }

  #change(target: UserAt, act: (user: User) => void | Promise<void>): Promise<UserState> {
    return this.#withHolder(async () => {
      const user = await this.users.get(target.id);
      user.expectVersion(target.ifVersion);
      await act(user);
      await this.users.save(user);
      return user.snapshot;
    });
  }

  /** @throws IdConflict */
  async #repeat(wanted: UserState): Promise<StoredUser> {
    const stored = await this.users.find(wanted.id);
    const isSame = stored?.companyId === wanted.companyId && sameJson(contentOf(stored), contentOf(wanted));
    if (!stored || !isSame) throw new IdConflict();
    return { state: stored, outcome: 'unchanged' };
  }

  /** When the address is taken, the refusal tells by whom. */
  async #withHolder<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.unitOfWork.attempt(work);
    } catch (error) {
      if (!(error instanceof UserEmailTaken)) throw error;
      const { companyId, email } = error;
      const holder = await this.unitOfWork.run(() => this.users.findByEmail(companyId, email));
      throw new UserEmailTaken(companyId, email, holder);
    }
  }
}
