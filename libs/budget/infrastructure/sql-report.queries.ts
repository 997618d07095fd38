import { Injectable } from '@nestjs/common';
import { InvalidInput } from '#shared-kernel';
import { Database } from '#platform/database';
import { INTERVALS_MAX, ReportQueries } from '../application/report.queries.js';
import type { Summary, SummaryRequest, TimeSeries } from '../application/report.queries.js';
import type { ItemFilter } from '../application/item.queries.js';
import { dateOf, dayNumber } from '../domain/calendar.js';
import type { CalendarDate } from '../domain/calendar.js';
import { totalsOf } from '../domain/report.js';
import { beginningOf, intervalsAfter, intervalsIn, seriesOf, spansOf } from '../domain/time-series.js';
import type { Interval, Span } from '../domain/time-series.js';
import { datesOf, summing, summingOverTime, toGroup, toRest, toSpanSums } from './report-statements.js';
import type { DatesRow, SpanRow, SummaryRow } from './report-statements.js';

@Injectable()
export class SqlReportQueries extends ReportQueries {
  constructor(private readonly database: Database) {
    super();
  }

  override async summary(filter: ItemFilter, request: SummaryRequest): Promise<Summary> {
    const rows = await this.database.read<SummaryRow>(summing(filter, request));
    const groups = rows.filter(({ groups: merged }) => merged === null).map(toGroup);
    const rest = rows.filter(({ groups: merged }) => merged !== null).map(toRest);
    return { groups, rest, totals: totalsOf([...groups, ...rest]) };
  }

  override async timeSeries(filter: ItemFilter, interval: Interval): Promise<TimeSeries> {
    const span = await this.#spanOf(filter, interval);
    const spans = span ? spansOf(span, interval) : [];
    const window = span && { ...filter, from: span.from, until: span.until ?? undefined };
    const rows = window ? await this.database.read<SpanRow>(summingOverTime(window, interval)) : [];
    const series = seriesOf({ spans, interval }, filter.currencies ?? [], rows.map(toSpanSums));
    return { from: filter.from ?? span?.from ?? null, until: filter.until ?? span?.until ?? null, series };
  }

  /** Null where there is nothing that could tell an end. */
  async #spanOf(filter: ItemFilter, interval: Interval): Promise<Span | null> {
    const { from, until } = filter;
    if (from !== undefined && until !== undefined) return expectFew({ from, until }, interval);
    const [dates] = await this.database.read<DatesRow>(datesOf(filter));
    if (!dates?.first || !dates.last) return null;
    const span = { from: from ?? dates.first, until: until ?? dayAfter(dates.last) };
    if (intervalsIn(span, interval) <= INTERVALS_MAX) return span;
    return from === undefined ? latest(span, interval) : earliest(span, interval);
  }
}

const dayAfter = (date: CalendarDate): CalendarDate | null => dateOf(dayNumber(date) + 1);

/** @throws InvalidInput */
function expectFew(span: Span, interval: Interval): Span {
  const count = intervalsIn(span, interval);
  if (count <= INTERVALS_MAX) return span;
  const detail = `From here on there are ${count} intervals: at most ${INTERVALS_MAX} are shown at once.`;
  throw InvalidInput.at('/from', 'too_many', detail);
}

/** The first that are shown, whole ones at its end. */
const earliest = ({ from }: Span, interval: Interval): Span => ({
  from,
  until: intervalsAfter(beginningOf(from, interval), INTERVALS_MAX, interval),
});

/** The last that are shown, whole ones at its beginning. */
function latest(span: Span, interval: Interval): Span {
  const skipped = intervalsIn(span, interval) - INTERVALS_MAX;
  const beginning = beginningOf(span.from, interval);
  return { from: intervalsAfter(beginning, skipped, interval) ?? span.from, until: span.until };
}
