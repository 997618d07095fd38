import { Body, Controller, Delete, Param, Put, Query } from '@nestjs/common';
import { ApiBody, ApiParam, ApiTags } from '@nestjs/swagger';
import type { EnvironmentOverride, FlagValue } from '#flag-evaluator';
import { CallContext } from '#platform/context';
import { at, checkBody, Endpoint, expectNone, IfMatch, Reading, reasonOf, ReasonQuery } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { FlagTargetingService } from '../application/flag-targeting.service.js';
import type { Read } from '../application/flag-targeting.service.js';
import type { FlagState } from '../domain/feature-flag.js';
import { flagId } from '../domain/identity.js';
import { EnvironmentOverrideBody, TenantOverrideBody } from './flag.dto.js';
import { FlagResponse } from './flag.response.dto.js';
import { toStoredResponse } from './flag.wire.js';
import { readValue } from './read-condition.js';
import { isBare, readOverride } from './read-definition.js';
import { WirePlaces } from './wire-places.js';

const NAME = { type: 'string', maxLength: 63 };
const TENANT = ApiParam({ name: 'tenant_id', description: 'For whom.', schema: NAME });
const ENVIRONMENT = ApiParam({ name: 'environment', description: 'Where.', schema: NAME });

@ApiTags('Feature flags')
@Controller({ path: 'feature-flags/:id/overrides', version: '1' })
export class FlagOverridesController {
  constructor(
    private readonly targeting: FlagTargetingService,
    private readonly context: CallContext,
  ) {}

  @Put('tenants/:tenant_id')
  @TENANT
  @ApiBody({ type: TenantOverrideBody })
  @Endpoint({
    name: 'setFeatureFlagTenantOverride',
    summary: 'Serve a value to a tenant, whatever the rules say',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported'],
  })
  async setForTenant(
    @Param('id') id: string,
    @Param('tenant_id') tenant: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<FlagResponse> {
    const checked = await checkBody(TenantOverrideBody, body);
    const places = new WirePlaces({ [at('/tenant_overrides', tenant)]: '/value' });
    const value: Read<FlagValue> = () => {
      const reading = new Reading();
      const read = readValue(reading, checked.raw['value'], '/value');
      expectNone([...checked.violations, ...reading.violations]);
      return read;
    };
    const target = { id: flagId(id), ifVersion };
    return this.#show(
      await places.tell(() => this.targeting.overrideForTenant(target, tenant, value, reasonOf(checked))),
    );
  }

  @Delete('tenants/:tenant_id')
  @TENANT
  @Endpoint({
    name: 'removeFeatureFlagTenantOverride',
    summary: 'Remove the override for a tenant',
    allow: 'flags:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async removeForTenant(
    @Param('id') id: string,
    @Param('tenant_id') tenant: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.targeting.removeTenantOverride(
      { id: flagId(id), ifVersion },
      tenant,
      query.change_reason ?? null,
    );
  }

  @Put('environments/:environment')
  @ENVIRONMENT
  @ApiBody({ type: EnvironmentOverrideBody })
  @Endpoint({
    name: 'setFeatureFlagEnvironmentOverride',
    summary: 'Replace in one environment what a flag is elsewhere',
    description:
      'A bare object, where the values of the flag are objects, is short for `{value}`. Once the tenant sees environments in the catalog, it is one of these, or development, testing, staging or production.',
    allow: 'flags:write',
    returns: FlagResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  async setInEnvironment(
    @Param('id') id: string,
    @Param('environment') environment: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
  ): Promise<FlagResponse> {
    const checked = await checkBody(EnvironmentOverrideBody, body);
    const { change_reason: _, ...sent } = checked.raw;
    const places = new WirePlaces();
    const override: Read<EnvironmentOverride> = ({ definition: { type } }) => {
      const reading = new Reading();
      const read = readOverride(reading, sent, '', type);
      expectNone([...(isBare(sent, type) ? [] : checked.violations), ...reading.violations]);
      places.within = at('/environment_overrides', environment);
      if (isBare(sent, type)) places.shortEnvironments.add(environment);
      return read;
    };
    const target = { id: flagId(id), ifVersion };
    return this.#show(
      await places.tell(() =>
        this.targeting.overrideInEnvironment(target, environment, override, reasonOf(checked)),
      ),
    );
  }

  @Delete('environments/:environment')
  @ENVIRONMENT
  @Endpoint({
    name: 'removeFeatureFlagEnvironmentOverride',
    summary: 'Remove the override for an environment',
    allow: 'flags:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async removeInEnvironment(
    @Param('id') id: string,
    @Param('environment') environment: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.targeting.removeEnvironmentOverride(
      { id: flagId(id), ifVersion },
      environment,
      query.change_reason ?? null,
    );
  }

  #show(state: FlagState): FlagResponse {
    return toStoredResponse(state, this.context.current.caller.tenant);
  }
}
