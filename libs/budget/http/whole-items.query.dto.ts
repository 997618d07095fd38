import { OmitType } from '@nestjs/swagger';
import { Text } from '#platform/http';
import { ItemListQuery } from './item.queries.dto.js';

/** What a list of items may be asked for, of one tenant, as a whole. */
export abstract class WholeItemsQuery extends OmitType(ItemListQuery, [
  'limit',
  'cursor',
  'include_total',
  'sort',
  'tenant_id',
]) {
  @Text({
    optional: true,
    max: 63,
    description: 'Whose items they are. Absent: those of the tenant of the credential, else the shared ones.',
  })
  readonly tenant_id?: string;
}
