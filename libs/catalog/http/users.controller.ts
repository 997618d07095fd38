import { resourceControllers, toInstantOrNull } from '#platform/http';
import { parseSelector } from '#shared-kernel';
import { UserQueries } from '../application/user.queries.js';
import { UserService } from '../application/user.service.js';
import { userId } from '../domain/identity.js';
import type { CompanyId, TeamId } from '../domain/identity.js';
import { idsOf } from './id-filter.js';
import { UserBodies } from './user-bodies.js';
import {
  CreateUserBody,
  PatchUserBody,
  ReviseUserBody,
  UserListQuery,
  UserListResponse,
  UserResponse,
} from './user.dto.js';
import { toStoredUser, toUserResponse } from './user.wire.js';

export const userControllers = resourceControllers({
  path: 'users',
  tag: 'Catalog',
  name: 'User',
  names: 'Users',
  noun: 'a user',
  nouns: 'users',
  read: 'catalog:read',
  write: 'catalog:write',
  returns: UserResponse,
  queries: UserQueries,
  service: UserService,
  bodies: UserBodies,
  idOf: userId,
  toResponse: toUserResponse,
  toStored: toStoredUser,
  create: {
    takes: CreateUserBody,
    note: 'In a company, and so in its tenant.',
    refuses: ['conflict', 'unprocessable'],
  },
  list: {
    takes: UserListQuery,
    returns: UserListResponse,
    filter: (query, tenant) => ({
      tenant,
      companyIds: idsOf(query.company_id, '/company_id') as CompanyId[] | undefined,
      emails: query.email,
      active: query.active,
      teamIds: idsOf(query.team_id, '/team_id') as TeamId[] | undefined,
      selector: query.selector === undefined ? undefined : parseSelector(query.selector),
      q: query.q,
      updatedSince: toInstantOrNull(query.updated_since, '/updated_since'),
    }),
  },
  update: { takes: ReviseUserBody, refuses: ['conflict'] },
  patch: {
    takes: PatchUserBody,
    note: 'RFC 7396 over the members of the user; labels merge by key.',
    refuses: ['conflict'],
  },
  delete: {
    summary: 'Delete a user; its history stays',
    note: 'It leaves its teams with it, and cannot go as long as it is the only owner of one.',
    refuses: ['conflict'],
  },
});
