import { AnyOf, ListQuery, Text, YesNo } from '#platform/http';
import { FLAG_KINDS } from '../domain/profile.js';

export class FlagListQuery extends ListQuery {
  @YesNo({ optional: true, description: 'As it is stored, whatever the schedule says.' })
  readonly enabled?: boolean;

  @AnyOf({ description: 'Flags with any of these tags.' })
  readonly tags?: string[];

  @AnyOf({ choices: FLAG_KINDS, description: 'Any of these kinds.' })
  readonly kind?: (typeof FLAG_KINDS)[number][];

  @YesNo({ optional: true, default: false, description: 'The archived ones instead of the others.' })
  readonly archived?: boolean;

  @YesNo({
    optional: true,
    description:
      'Expired, or unchanged for longer than its kind is expected to live: release and experiment 40 days, ops 7 days.',
  })
  readonly stale?: boolean;

  @Text({
    optional: true,
    min: 1,
    max: 255,
    description: 'Anywhere in name or description, whatever the case.',
  })
  readonly q?: string;
}
