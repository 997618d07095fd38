import { AnyOf, ListQuery, Text } from '#platform/http';
import { ITEM_STATUSES } from '../domain/item.js';

const ANY = { description: 'Any of these.' } as const;
const DECIMAL = { optional: true, min: 1, max: 40, example: '10.00' } as const;
const DAY = { optional: true, min: 10, max: 10, example: '2026-05-01' } as const;

export class ItemListQuery extends ListQuery {
  @AnyOf({ description: 'inflow or +, outflow or -.', example: ['outflow'] })
  readonly flow?: string[];

  @AnyOf({ description: 'Any of these codes of ISO 4217.', example: ['USD'] })
  readonly currency?: string[];

  @Text({ ...DECIMAL, description: 'At least this much, of the one currency that is asked for.' })
  readonly amount_min?: string;

  @Text({ ...DECIMAL, description: 'At most this much, likewise.' })
  readonly amount_max?: string;

  @AnyOf({ description: 'Paid by any of these.' })
  readonly payor_id?: string[];

  @AnyOf({ description: 'Paid to any of these.' })
  readonly payee_id?: string[];

  @AnyOf({ description: 'Paid by or to any of these.' })
  readonly party_id?: string[];

  @AnyOf({ description: 'Of any of these categories themselves, without those below.' })
  readonly category_id?: string[];

  @AnyOf({ ...ANY, choices: ITEM_STATUSES })
  readonly status?: string[];

  @Text({ ...DAY, description: 'Of this day or later.' })
  readonly from?: string;

  @Text({ ...DAY, description: 'Before this day.' })
  readonly until?: string;

  @AnyOf({ description: 'Of any of these teams.' })
  readonly team_id?: string[];

  @AnyOf(ANY)
  readonly environment?: string[];

  @AnyOf({ description: 'From any of these imports.' })
  readonly import_id?: string[];

  @Text({
    optional: true,
    max: 4_096,
    description: 'What its labels are like, in the words of Kubernetes.',
    example: 'trip in (paris,rome),!private',
  })
  readonly selector?: string;

  @Text({ optional: true, min: 1, max: 255, description: 'Anywhere in item or notes, whatever the case.' })
  readonly q?: string;
}
