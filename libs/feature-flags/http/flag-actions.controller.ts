import { Body, Controller, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CallContext } from '#platform/context';
import { checkBody, Endpoint, expectNone, IfMatch, Reading, ReasonBody, reasonOf } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { FeatureFlagService } from '../application/feature-flag.service.js';
import type { FlagState } from '../domain/feature-flag.js';
import { flagId } from '../domain/identity.js';
import { RolloutBody, RolloutQuery } from './flag.dto.js';
import { FlagResponse } from './flag.response.dto.js';
import { toStoredResponse } from './flag.wire.js';
import { WirePlaces } from './wire-places.js';

const PERCENTAGE = /^\d{1,3}(\.\d{1,20})?$/;

@ApiTags('Feature flags')
@Controller({ path: 'feature-flags/:id', version: '1' })
export class FlagActionsController {
  constructor(
    private readonly service: FeatureFlagService,
    private readonly context: CallContext,
  ) {}

  @Post('enable')
  @Endpoint({
    name: 'enableFeatureFlag',
    summary: 'Enable a flag',
    description: 'From now on; what its schedule did until now counts no more.',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async enable(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReasonBody,
  ): Promise<FlagResponse> {
    return this.#show(await this.service.enable({ id: flagId(id), ifVersion }, body?.change_reason ?? null));
  }

  @Post('disable')
  @Endpoint({
    name: 'disableFeatureFlag',
    summary: 'Disable a flag: the kill switch',
    description: 'From now on; what its schedule did until now counts no more.',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async disable(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReasonBody,
  ): Promise<FlagResponse> {
    return this.#show(await this.service.disable({ id: flagId(id), ifVersion }, body?.change_reason ?? null));
  }

  @Post('archive')
  @Endpoint({
    name: 'archiveFeatureFlag',
    summary: 'Archive a flag',
    description: 'It is as if it were not there, also for flags that depend on it, until it is restored.',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'stale'],
  })
  async archive(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReasonBody,
  ): Promise<FlagResponse> {
    return this.#show(await this.service.archive({ id: flagId(id), ifVersion }, body?.change_reason ?? null));
  }

  @Post('restore')
  @Endpoint({
    name: 'restoreFeatureFlag',
    summary: 'Bring an archived flag back',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'stale'],
  })
  async restore(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: ReasonBody,
  ): Promise<FlagResponse> {
    return this.#show(
      await this.service.unarchive({ id: flagId(id), ifVersion }, body?.change_reason ?? null),
    );
  }

  @Post('rollout')
  @ApiBody({ type: RolloutBody, required: false })
  @Endpoint({
    name: 'rollOutFeatureFlag',
    summary: 'Set the percentage of the rollout',
    description: 'In the body or in the query. A ramp that has begun ends with it.',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async rollOut(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: RolloutQuery,
    @Body() body: unknown,
  ): Promise<FlagResponse> {
    const checked = await checkBody(RolloutBody, body ?? undefined);
    const percentage = (): number => {
      const reading = new Reading();
      const sent = checked.raw['percentage'] ?? inQuery(query.percentage);
      const value = reading.number(sent, '/percentage');
      expectNone([...checked.violations, ...reading.violations]);
      return value;
    };
    const places = new WirePlaces({ '/rollout_percentage': '/percentage' });
    const rollOut = (): Promise<FlagState> =>
      this.service.rollOut({ id: flagId(id), ifVersion }, percentage, reasonOf(checked));
    return this.#show(await places.tell(rollOut));
  }

  #show(state: FlagState): FlagResponse {
    return toStoredResponse(state, this.context.current.caller.tenant);
  }
}

/** Text that is no number stays text, and is refused as that. */
const inQuery = (text: string | undefined): string | number | undefined =>
  text !== undefined && PERCENTAGE.test(text) ? Number(text) : text;
