import { Choice, Whole } from '#platform/http';
import { GROUPINGS } from '../domain/report.js';
import type { Grouping } from '../domain/report.js';
import { INTERVALS } from '../domain/time-series.js';
import type { Interval } from '../domain/time-series.js';
import { WholeItemsQuery } from './whole-items.query.dto.js';

const GROUPS_DEFAULT = 100;
const GROUPS_MAX = 1_000;

export class SummaryQuery extends WholeItemsQuery {
  @Choice(GROUPINGS, {
    optional: true,
    default: 'category',
    description: 'What items are put together by: a category is itself, without those below.',
  })
  readonly group_by: Grouping = 'category';

  @Whole({
    optional: true,
    min: 1,
    max: GROUPS_MAX,
    default: GROUPS_DEFAULT,
    description: 'Groups of each currency: the largest, or the latest months. What is left is in rest.',
  })
  readonly limit: number = GROUPS_DEFAULT;
}

export class TimeSeriesQuery extends WholeItemsQuery {
  @Choice(INTERVALS, {
    optional: true,
    default: 'month',
    description: 'Weeks begin on Monday.',
  })
  readonly interval: Interval = 'month';
}
