import { Injectable } from '@nestjs/common';
import type { Page, PageRequest, PastStateOf, PastVersion } from '#shared-kernel';
import { StoredViewFactory } from '#platform/change-log';
import type { StoredViews } from '#platform/change-log';
import { SHARED_TENANT } from '#platform/context';
import { Conditions, containsPattern, whereLabelsMatch } from '#platform/database';
import { UserQueries } from '../application/user.queries.js';
import type { UserFilter, UserView } from '../application/user.queries.js';
import type { UserId } from '../domain/identity.js';
import { emailKey } from '../domain/user-email.js';
import { UserNotFound } from '../domain/user-errors.js';
import { toUserView, USER_COLUMNS, USER_TYPE } from './user.table.js';
import type { UserRecord } from './user.table.js';

@Injectable()
export class SqlUserQueries extends UserQueries {
  readonly #views: StoredViews<UserRecord, UserView>;

  constructor(views: StoredViewFactory) {
    super();
    this.#views = views.of<UserRecord, UserView>({
      aggregateType: USER_TYPE,
      list: {
        name: 'catalog-users',
        table: 'catalog.person',
        columns: `${USER_COLUMNS}, t.email_key`,
        sorts: {
          name: { column: 'name', type: 'text' },
          email: { column: 'email_key', type: 'text' },
          created_at: { column: 'created_at', type: 'timestamptz' },
          updated_at: { column: 'updated_at', type: 'timestamptz' },
        },
        defaultSort: 'name',
      },
      toView: toUserView,
      notFound: () => new UserNotFound(),
    });
  }

  override get(id: UserId): Promise<UserView> {
    return this.#views.get(id);
  }

  override asOf(id: UserId, at: Date): Promise<UserView> {
    return this.#views.asOf(id, at);
  }

  override page(filter: UserFilter, request: PageRequest): Promise<Page<UserView>> {
    return this.#views.page(filter.tenant, whereUser(filter), request);
  }

  override versions(id: UserId, request: PageRequest): Promise<Page<PastVersion>> {
    return this.#views.versions(id, request);
  }

  override version(id: UserId, version: number): Promise<PastStateOf<UserView>> {
    return this.#views.version(id, version);
  }
}

function whereUser(filter: UserFilter): Conditions {
  const { tenant, companyIds, emails, active, teamIds, selector, q, updatedSince } = filter;
  const tenants = tenant === null ? [SHARED_TENANT] : [tenant, SHARED_TENANT];
  return new Conditions()
    .when(companyIds, (where, ids) => where.and('t.company_id = any (?)', ids))
    .when(emails, (where, any) => where.and('t.email_key = any (?)', any.map(emailKey)))
    .when(active, (where, is) => where.and('t.active = ?', is))
    .when(teamIds, (where, ids) =>
      where.and('t.id in (select user_id from catalog.membership where team_id = any (?))', ids),
    )
    .when(selector, whereLabelsMatch)
    .when(updatedSince, (where, since) => where.and('t.updated_at >= ?', since))
    .when(q, (where, text) =>
      where.and('t.id in (select catalog.search_person(?, ?))', tenants, containsPattern(text)),
    );
}
