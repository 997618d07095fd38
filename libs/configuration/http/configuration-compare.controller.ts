import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { v7 as uuidv7 } from 'uuid';
import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { CallContext, readTenant, writeTenant } from '#platform/context';
import { at, checkBody, expectNone, Endpoint, jsonPatch } from '#platform/http';
import { ConfigurationComparison } from '../application/configuration-comparison.service.js';
import { ConfigurationPromotion } from '../application/configuration-promotion.service.js';
import type { Promotion } from '../application/configuration-promotion.service.js';
import { configurationId, configurationName, environmentName, serviceId } from '../domain/identity.js';
import {
  CompareQuery,
  ComparisonResponse,
  PromoteBody,
  PromoteQuery,
  PromotionResponse,
} from './transfer.dto.js';
import { toPromotionResponse } from './transfer.wire.js';

@ApiTags('Configuration')
@Controller({ path: 'configurations', version: '1' })
export class ConfigurationCompareController {
  constructor(
    private readonly comparison: ConfigurationComparison,
    private readonly promotion: ConfigurationPromotion,
    private readonly context: CallContext,
  ) {}

  @Get('compare')
  @Endpoint({
    name: 'compareConfigurations',
    summary: 'Compare two environments of a service',
    description:
      'What is effective now, document by document, as JSON Patch from left to right. Secrets are compared as references.',
    allow: 'configurations:read',
    returns: ComparisonResponse,
    refuses: ['not-found'],
  })
  async compare(@Query() query: CompareQuery): Promise<ComparisonResponse> {
    const { service_id, left, right } = query;
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    const documents = await this.comparison.compare({
      tenant,
      service: serviceId(service_id),
      left: environmentName(left, '/left'),
      right: environmentName(right, '/right'),
    });
    const patches = documents.map(
      (document) => [document.name, jsonPatch(document.left, document.right)] as const,
    );
    return {
      ...{ service_id, left, right, tenant_id: tenant },
      names: Object.fromEntries(patches.filter(([, patch]) => patch.length > 0)),
      same: patches.flatMap(([name, patch]) => (patch.length === 0 ? [name] : [])),
    };
  }

  @Post('promote')
  @ApiBody({ type: PromoteBody })
  @Endpoint({
    name: 'promoteConfigurations',
    summary: 'Promote configurations from one environment to another',
    description:
      'Copies values, schema, secret references, final keys and description of each active configuration without a window, all or nothing; the results are checked once, at the end. Temporary ones stay where they are.',
    allow: 'configurations:write',
    returns: PromotionResponse,
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async promote(@Query() query: PromoteQuery, @Body() sent: unknown): Promise<PromotionResponse> {
    const { body, violations } = await checkBody(PromoteBody, sent);
    expectNone([...violations, ...violationsBeside(violations, body)]);
    const promotion = this.#read(body);
    return query.dry_run === true || body.dry_run === true
      ? toPromotionResponse(await this.promotion.rehearse(promotion), 'rehearsed')
      : toPromotionResponse(await this.promotion.promote(promotion), 'stored');
  }

  /** @throws InvalidInput, TenantForbidden */
  #read(body: PromoteBody): Promotion {
    const tenant = writeTenant(this.context.current.caller, body.tenant_id);
    return {
      tenant,
      names: body.names?.map((name, index) => configurationName(name, at('/names', index))) ?? null,
      service: serviceId(body.service_id),
      from: environmentName(body.from, '/from'),
      to: environmentName(body.to, '/to'),
      reason: body.change_reason ?? null,
      newId: () => configurationId(uuidv7()),
    };
  }
}

/** What decorators cannot tell, of what they found nothing wrong with. */
function violationsBeside(found: readonly Violation[], { from, to, names }: PromoteBody): Violation[] {
  const told = new Set(found.map(({ pointer }) => pointer));
  const same: Violation = { pointer: '/to', code: 'same', detail: 'It is another environment than from.' };
  const all = [...(from !== undefined && from === to ? [same] : []), ...nameViolations(names ?? [])];
  return all.filter(({ pointer }) => !told.has(pointer));
}

/** Every name that is none, or is there twice. */
function nameViolations(names: unknown): Violation[] {
  if (!Array.isArray(names)) return [];
  return names.flatMap((name: unknown, index): Violation[] => {
    const pointer = at('/names', index);
    const twice = { pointer, code: 'duplicate', detail: 'It is there twice.' };
    return [...(names.indexOf(name) < index ? [twice] : []), ...violationsOf(name, pointer)];
  });
}

function violationsOf(name: unknown, pointer: string): readonly Violation[] {
  try {
    if (typeof name === 'string') configurationName(name, pointer);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.violations;
  }
}
