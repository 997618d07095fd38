import { Injectable } from '@nestjs/common';
import { HistoryQueries, VersionNotFound, VersionedStore } from '#platform/change-log';
import { Database, isForeignKeyViolation, isUniqueViolation } from '#platform/database';
import { IdConflict } from '#shared-kernel';
import { companyUnknown } from '../domain/errors.js';
import type { CompanyId, UserId } from '../domain/identity.js';
import { User } from '../domain/user.js';
import type { UserContent, UserState } from '../domain/user.js';
import { emailKey } from '../domain/user-email.js';
import { UserEmailTaken, UserNotFound } from '../domain/user-errors.js';
import { UserRepository } from '../domain/user.repository.js';
import { toUserContent, toUserState, USER_MAPPING, USER_TYPE, UserTable } from './user.table.js';
import type { UserRecord, UserRow } from './user.table.js';

@Injectable()
export class TypeOrmUserRepository extends UserRepository {
  constructor(
    private readonly database: Database,
    private readonly store: VersionedStore,
    private readonly history: HistoryQueries,
  ) {
    super();
  }

  override async companyOf(id: UserId): Promise<CompanyId> {
    const [row] = await this.database.read<{ company_id: string }>({
      name: 'company_of_user',
      text: 'select company_id from catalog.person where id = $1',
      values: [id],
    });
    if (!row) throw new UserNotFound();
    return row.company_id as CompanyId;
  }

  override async get(id: UserId): Promise<User> {
    const row = await this.store.lock(UserTable, { id });
    if (!row) throw new UserNotFound();
    return this.#restore(row);
  }

  override async findIn(companyId: CompanyId, id: UserId): Promise<User | null> {
    const row = await this.store.lock(UserTable, { id, companyId });
    return row && this.#restore(row);
  }

  override async find(id: UserId): Promise<UserState | null> {
    const row = await this.database.manager.findOne(UserTable, { where: { id } });
    return row && toUserState(row);
  }

  override async findByEmail(companyId: CompanyId, email: string): Promise<UserId | null> {
    const [row] = await this.database.read<{ id: string }>({
      name: 'user_by_email',
      text: 'select id from catalog.person where company_id = $1 and email_key = $2',
      values: [companyId, emailKey(email)],
    });
    return (row?.id ?? null) as UserId | null;
  }

  override async contentAt(id: UserId, version: number): Promise<UserContent> {
    const { row } = await this.history.version({ aggregateType: USER_TYPE, id }, version);
    if (!row) throw new VersionNotFound(version); // That version took it away: there is nothing to go back to.
    return toUserContent(row as unknown as UserRecord);
  }

  override isIdUsed(id: UserId): Promise<boolean> {
    return this.history.isUsed(id);
  }

  override async save(user: User): Promise<void> {
    const { companyId, email } = user.snapshot;
    try {
      await this.store.save(user, USER_MAPPING);
    } catch (error) {
      if (isUniqueViolation(error, 'person_email')) throw new UserEmailTaken(companyId, email, null);
      if (isUniqueViolation(error, 'person_pkey')) throw new IdConflict();
      if (isForeignKeyViolation(error, 'person_company')) throw companyUnknown();
      throw error;
    }
  }

  #restore(row: UserRow): User {
    return this.store.watch(User.restore(toUserState(row)), USER_MAPPING);
  }
}
