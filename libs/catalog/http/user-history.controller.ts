import { historyController } from '#platform/http';
import { UserQueries } from '../application/user.queries.js';
import { UserService } from '../application/user.service.js';
import { userId } from '../domain/identity.js';
import { UserResponse } from './user.dto.js';
import { toStoredUser, toUserResponse } from './user.wire.js';

export const UserHistoryController = historyController({
  path: 'users/:id',
  tag: 'Catalog',
  name: 'User',
  noun: 'a user',
  read: 'catalog:read',
  write: 'catalog:write',
  rollbackNote: 'The teams stay as they are; the address comes back as long as nobody else has it.',
  rollbackRefuses: ['conflict'],
  returns: UserResponse,
  queries: UserQueries,
  service: UserService,
  idOf: userId,
  toResponse: toUserResponse,
  toStored: toStoredUser,
});
