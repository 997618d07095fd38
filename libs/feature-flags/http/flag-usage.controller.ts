import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import { Clock, InvalidInput } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { Endpoint, toInstant } from '#platform/http';
import { FeatureFlagQueries } from '../application/feature-flag.queries.js';
import { FlagUsageQueries } from '../application/flag-usage.queries.js';
import type { FlagUsageView, HourlyUsageCount, UsageWindow } from '../application/flag-usage.queries.js';
import { flagId } from '../domain/identity.js';
import { BulkEvaluationResponse, EvaluationResponse } from './evaluation.dto.js';
import { FlagUsageResponse, UsageQuery } from './flag-usage.dto.js';
import type { UsageCountResponse } from './flag-usage.dto.js';
import { SnapshotResponse } from './snapshot.dto.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const DAYS_DEFAULT = 7;
const DAYS_MAX = 31;

@ApiTags('Feature flags')
@ApiExtraModels(EvaluationResponse, BulkEvaluationResponse, SnapshotResponse)
@Controller({ path: 'feature-flags', version: '1' })
export class FlagUsageController {
  constructor(
    private readonly flags: FeatureFlagQueries,
    private readonly usage: FlagUsageQueries,
    private readonly context: CallContext,
    private readonly clock: Clock,
  ) {}

  @Get(':id/usage')
  @Endpoint({
    name: 'getFlagUsage',
    summary: 'Get how often a flag gave what',
    description:
      'Counted by each replica in memory and added up every five seconds; a process that is killed loses what it counted since. Everyone’s evaluations are counted together, so that those of a shared flag are shown to platform-wide credentials alone. At most 31 days; counts are kept for 90.',
    allow: 'flags:read',
    returns: FlagUsageResponse,
    refuses: ['not-found'],
  })
  async of(@Param('id') id: string, @Query() query: UsageQuery): Promise<FlagUsageResponse> {
    const flag = await this.flags.get(flagId(id));
    writeTenant(this.context.current.caller, flag.tenant);
    const window = this.#windowOf(query);
    return toResponse(window, await this.usage.of(flag.id, window));
  }

  /** @throws InvalidInput */
  #windowOf({ from, until }: UsageQuery): UsageWindow {
    const end = until === undefined ? this.clock.now() : toInstant(until, '/until');
    const start =
      from === undefined ? new Date(end.getTime() - DAYS_DEFAULT * DAY_MS) : toInstant(from, '/from');
    const milliseconds = end.getTime() - start.getTime();
    if (milliseconds <= 0) throw InvalidInput.at('/until', 'invalid', 'It is not after from.');
    if (milliseconds > DAYS_MAX * DAY_MS) {
      throw InvalidInput.at('/from', 'too_large', `From it until the end are more than ${DAYS_MAX} days.`);
    }
    return { from: start, until: end };
  }
}

function toResponse(
  { from, until }: UsageWindow,
  { lastEvaluatedAt, hours }: FlagUsageView,
): FlagUsageResponse {
  return {
    from: from.toISOString(),
    until: until.toISOString(),
    last_evaluated_at: lastEvaluatedAt?.toISOString() ?? null,
    total: hours.reduce((sum, { count }) => sum + count, 0),
    totals: totalsOf(hours),
    hours: hours.map(({ hour, reason, variant, count }) => ({
      hour: hour.toISOString(),
      reason,
      variant,
      count,
    })),
  };
}

/** The most frequent first. */
function totalsOf(hours: readonly HourlyUsageCount[]): UsageCountResponse[] {
  const totals = new Map<string, { reason: string; variant: string | null; count: number }>();
  for (const { reason, variant, count } of hours) {
    const key = JSON.stringify([reason, variant]);
    const total = totals.get(key) ?? { reason, variant, count: 0 };
    total.count += count;
    totals.set(key, total);
  }
  return [...totals.values()].sort((one, other) => other.count - one.count);
}
