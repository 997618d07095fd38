import { historyController } from '#platform/http';
import { PayeeQueries } from '../application/payee.queries.js';
import { PayeeService } from '../application/payee.service.js';
import { payeeId } from '../domain/identity.js';
import { PayeeResponse } from './payee.dto.js';
import { toPayeeResponse, toStoredPayee } from './payee.wire.js';

export const PayeeHistoryController = historyController({
  path: 'budget/payees/:id',
  tag: 'Budget',
  name: 'Payee',
  noun: 'a payee',
  read: 'budget:read',
  write: 'budget:write',
  rollbackNote: 'Its items stay as they are.',
  returns: PayeeResponse,
  queries: PayeeQueries,
  service: PayeeService,
  idOf: payeeId,
  toResponse: toPayeeResponse,
  toStored: toStoredPayee,
});
