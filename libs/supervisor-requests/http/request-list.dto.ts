import { AnyOf, Instant, ListQuery, listResponse, Text, YesNo } from '#platform/http';
import { PRIORITY_MAX } from '../domain/request-content.js';
import { KINDS, STATUS_CODES, STATUSES } from '../domain/request-state.js';
import { SupervisorRequestResponse } from './supervisor-request.dto.js';

const ANY = { description: 'Any of these.' } as const;
const PRIORITY_WORDS = Array.from({ length: PRIORITY_MAX }, (_, index) => String(index + 1));

/** Which of the requests of a store. */
export class StoreRequestsQuery extends ListQuery {
  @AnyOf({ choices: STATUSES, description: 'What is still to be done, or what is over.' })
  readonly status?: string[];

  @AnyOf({ ...ANY, choices: STATUS_CODES })
  readonly status_code?: string[];

  @AnyOf({ choices: PRIORITY_WORDS, description: 'Any of these; 1 is the most urgent.', example: ['1', '2'] })
  readonly priority?: string[];

  @AnyOf({ ...ANY, choices: KINDS })
  readonly kind?: string[];

  @Instant({ optional: true, description: 'Made at this instant or later.' })
  readonly created_from?: string;

  @Instant({ optional: true, description: 'Made before this instant.' })
  readonly created_until?: string;

  @AnyOf({ description: 'Any of these teams is to answer.' })
  readonly assignee_team_id?: string[];

  @YesNo({ optional: true, description: 'Somebody works on it: has a claim that has not run out.' })
  readonly claimed?: boolean;

  @AnyOf({ description: 'Any of these works on it.', example: ['key:4fJ2mPq7'] })
  readonly claimed_by?: string[];

  @YesNo({
    optional: true,
    description: 'Its time ran out with no answer, no default was taken, and nobody has answered since.',
  })
  readonly overdue?: boolean;

  @AnyOf(ANY)
  readonly dedupe_key?: string[];

  @AnyOf({ description: 'Any of these asked.', example: ['key:7Jd2kLm9'] })
  readonly requested_by?: string[];

  @Text({ optional: true, min: 1, max: 255, description: 'Anywhere in the question, whatever the case.' })
  readonly q?: string;
}

/** Which of all requests. */
export class InboxQuery extends StoreRequestsQuery {
  @AnyOf({ description: 'Of any of these stores.' })
  readonly store_id?: string[];
}

export class SupervisorRequestListResponse extends listResponse(() => SupervisorRequestResponse) {}
