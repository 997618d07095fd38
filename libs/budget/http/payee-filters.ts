import { parseSelector } from '#shared-kernel';
import { expectNone, QueryReading } from '#platform/http';
import type { PayeeFilter } from '../application/payee.queries.js';
import type { PayeeListQuery } from './payee.dto.js';

/** What a list is asked for. @throws InvalidInput with all that is wrong */
export function toPayeeFilter(query: PayeeListQuery, tenant: string | null): PayeeFilter {
  const reading = new QueryReading();
  const filter = {
    tenant,
    names: reading.few(query.name, '/name'),
    emails: reading.few(query.email, '/email'),
    selector: reading.one(query.selector, '/selector', parseSelector),
    q: query.q,
  };
  expectNone(reading.violations);
  return filter;
}
