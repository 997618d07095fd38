import { Body, Controller, Delete, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiParam, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { TargetingRule } from '#flag-evaluator';
import { checkBody, Endpoint, expectNone, IfMatch, Reading, reasonOf, ReasonQuery } from '#platform/http';
import type { CheckedBody } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { FeatureFlagQueries } from '../application/feature-flag.queries.js';
import { FlagTargetingService } from '../application/flag-targeting.service.js';
import type { Read } from '../application/flag-targeting.service.js';
import { FlagRuleNotFound } from '../domain/errors.js';
import type { FlagState } from '../domain/feature-flag.js';
import { flagId } from '../domain/identity.js';
import type { Asked } from './flag-bodies.js';
import { toRule } from './flag.wire.js';
import { readRule } from './read-rule.js';
import { RuleChangeBody, RuleListResponse, RuleResponse } from './rule.dto.js';
import { WirePlaces } from './wire-places.js';

const RULE_ID = ApiParam({
  name: 'rule_id',
  description: 'The id of the rule.',
  schema: { type: 'string', maxLength: 255 },
});

/** None of its members is needed in every form of a rule, and some of them are in each. */
const A_RULE = { schema: { allOf: [{ $ref: getSchemaPath(RuleChangeBody) }], minProperties: 1 } };

@ApiExtraModels(RuleChangeBody)
@ApiTags('Feature flags')
@Controller({ path: 'feature-flags/:id/rules', version: '1' })
export class FlagRulesController {
  constructor(
    private readonly targeting: FlagTargetingService,
    private readonly queries: FeatureFlagQueries,
  ) {}

  @Get()
  @Endpoint({
    name: 'listFeatureFlagRules',
    summary: 'List the rules of a flag, in the order in which they are tried',
    allow: 'flags:read',
    returns: RuleListResponse,
    refuses: ['not-found'],
  })
  async list(
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleListResponse> {
    const { definition, version } = await this.queries.get(flagId(id));
    reply.header('ETag', `"${version}"`);
    return { items: definition.targetingRules.map(toRule) };
  }

  @Get(':rule_id')
  @RULE_ID
  @Endpoint({
    name: 'getFeatureFlagRule',
    summary: 'Get a rule of a flag',
    allow: 'flags:read',
    returns: RuleResponse,
    refuses: ['not-found'],
  })
  async get(
    @Param('id') id: string,
    @Param('rule_id') ruleId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleResponse> {
    return ruleOf(await this.queries.get(flagId(id)), ruleId, reply);
  }

  @Post()
  @ApiBody(A_RULE)
  @Endpoint({
    name: 'addFeatureFlagRule',
    summary: 'Add a rule to a flag',
    description: 'Behind the others, unless it says its priority. ETag and If-Match are those of the flag.',
    allow: 'flags:write',
    status: 201,
    returns: RuleResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  async add(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleResponse> {
    let ruleId = '';
    const { asked, places, reason } = this.#read(await checkBody(RuleChangeBody, body), null);
    const add: Read<TargetingRule> = (current) => {
      const rule = asked(current);
      ruleId = rule.id;
      return rule;
    };
    const state = await places.tell(() => this.targeting.addRule({ id: flagId(id), ifVersion }, add, reason));
    reply.header('Location', `/api/v1/feature-flags/${state.id}/rules/${encodeURIComponent(ruleId)}`);
    return ruleOf(state, ruleId, reply);
  }

  @Put(':rule_id')
  @RULE_ID
  @ApiBody(A_RULE)
  @Endpoint({
    name: 'replaceFeatureFlagRule',
    summary: 'Replace a rule of a flag',
    description:
      'What is absent gets its default; the priority stays. ETag and If-Match are those of the flag.',
    allow: 'flags:write',
    returns: RuleResponse,
    refuses: ['not-found', 'conflict', 'stale', 'too-large', 'unsupported', 'unprocessable'],
  })
  async replace(
    @Param('id') id: string,
    @Param('rule_id') ruleId: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleResponse> {
    const { asked, places, reason } = this.#read(await checkBody(RuleChangeBody, body), ruleId);
    const target = { id: flagId(id), ifVersion };
    const state = await places.tell(() => this.targeting.replaceRule(target, ruleId, asked, reason));
    return ruleOf(state, ruleId, reply);
  }

  @Delete(':rule_id')
  @RULE_ID
  @Endpoint({
    name: 'removeFeatureFlagRule',
    summary: 'Remove a rule of a flag',
    allow: 'flags:write',
    status: 204,
    refuses: ['not-found', 'conflict', 'stale'],
  })
  async remove(
    @Param('id') id: string,
    @Param('rule_id') ruleId: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: ReasonQuery,
  ): Promise<void> {
    await this.targeting.removeRule({ id: flagId(id), ifVersion }, ruleId, query.change_reason ?? null);
  }

  /** `replacing`: the id of the rule that the body stands for; null for a new one. */
  #read(checked: CheckedBody<RuleChangeBody>, replacing: string | null): Asked<Read<TargetingRule>> {
    const places = new WirePlaces();
    const asked: Read<TargetingRule> = ({ definition: { targetingRules } }) => {
      const index = replacing === null ? targetingRules.length : indexOf(targetingRules, replacing);
      const reading = new Reading();
      const { change_reason: _, ...members } = checked.raw;
      const priority = targetingRules[index]?.priority ?? (targetingRules.at(-1)?.priority ?? -1) + 1;
      const { rule, isShort } = readRule(reading, members, '', { priority, before: [] });
      if (replacing !== null && checked.raw['id'] !== undefined && checked.raw['id'] !== replacing)
        reading.note('fixed', '/id', 'A rule keeps its id.');
      expectNone([...checked.violations, ...reading.violations]);
      places.within = `/targeting_rules/${index}`;
      if (isShort) places.shortRules.add(index);
      return rule;
    };
    return { asked, places, reason: reasonOf(checked) };
  }
}

const indexOf = (rules: readonly TargetingRule[], id: string): number =>
  rules.findIndex((rule) => rule.id === id);

/** The rule of a flag, with the ETag of the flag. @throws FlagRuleNotFound */
function ruleOf(
  { definition, version }: Pick<FlagState, 'definition' | 'version'>,
  ruleId: string,
  reply: FastifyReply,
): RuleResponse {
  const rule = definition.targetingRules.find(({ id }) => id === ruleId);
  if (!rule) throw new FlagRuleNotFound();
  reply.header('ETag', `"${version}"`);
  return toRule(rule);
}
