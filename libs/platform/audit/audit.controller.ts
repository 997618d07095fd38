import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';
import { CallContext, readTenant, SHARED_TENANT, tenantColumn, TenantForbidden } from '#platform/context';
import { fromEventType } from '#platform/events';
import { Endpoint, isUuid, toInstant, toPageResponse } from '#platform/http';
import { AuditListResponse, AuditQuery, VerifyQuery } from './audit.dto.js';
import { AuditQueries } from './audit.queries.js';
import type { AuditFilter } from './audit.queries.js';
import { PLATFORM_STREAM, toAuditItem, toVerdictResponse } from './audit.responses.js';
import type { Anchor } from './chain-check.js';
import { Verification, WHOLE_STREAM } from './verification.js';
import { ChainVerdictResponse } from './verification.dto.js';

@ApiTags('Audit')
@Controller({ path: 'audit', version: '1' })
export class AuditController {
  constructor(
    private readonly audit: AuditQueries,
    private readonly verification: Verification,
    private readonly context: CallContext,
  ) {}

  @Get()
  @Endpoint({
    name: 'listAudit',
    summary: 'Find who did what',
    description:
      'Changes and acts of one stream, newest first: also secrets that were shown and calls that were refused. A page may be shorter than its limit and not be the last: `has_more` says so.',
    allow: 'audit:read',
    returns: AuditListResponse,
  })
  async list(@Query() query: AuditQuery): Promise<AuditListResponse> {
    const filter = filterOf(query);
    const page = await this.audit.page(this.#streamOf(query), filter, query);
    return toPageResponse(page, toAuditItem);
  }

  @Get('verify')
  @Endpoint({
    name: 'verifyAudit',
    summary: 'Check the chain of hashes',
    description:
      'Every row of the log carries a hash of itself and of the row before it. They are computed anew, and the first row that does not fit is named: one that was changed, removed, inserted or moved behind the back of the service.',
    allow: 'audit:read',
    returns: ChainVerdictResponse,
  })
  async verify(
    @Query() query: VerifyQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChainVerdictResponse> {
    const stream = this.#streamOf(query);
    const anchor = anchorOf(query);
    const left = new AbortController();
    reply.raw.once('close', () => left.abort());
    const { from_revision: from, until_revision: until = WHOLE_STREAM } = query;
    const verdict = await this.verification.of({ stream, from, until, anchor }, left.signal);
    return toVerdictResponse(stream, verdict, anchor);
  }

  /** @throws InvalidInput, TenantForbidden */
  #streamOf({ tenant_id, stream }: Pick<AuditQuery, 'tenant_id' | 'stream'>): string {
    const { caller } = this.context.current;
    if (stream === undefined) return tenantColumn(readTenant(caller, tenant_id));
    if (tenant_id !== undefined)
      throw InvalidInput.at('/stream', 'exclusive', 'Name a tenant or one of these streams.');
    if (caller.tenant !== null) throw new TenantForbidden();
    return stream === 'platform' ? PLATFORM_STREAM : SHARED_TENANT;
  }
}

/** @throws InvalidInput with all that is wrong */
function filterOf({ actor, aggregate_type, aggregate_id, types, from, until }: AuditQuery): AuditFilter {
  const violations: Violation[] = [];
  const instantOf = (text: string | undefined, pointer: string): Date | undefined => {
    try {
      return text === undefined ? undefined : toInstant(text, pointer);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      violations.push(...error.violations);
      return undefined;
    }
  };
  const window = { from: instantOf(from, '/from'), until: instantOf(until, '/until') };
  if (aggregate_id?.some((id) => !isUuid(id)))
    violations.push({ pointer: '/aggregate_id', code: 'pattern', detail: 'It must be a UUID.' });
  if (window.from && window.until && window.from >= window.until)
    violations.push({ pointer: '/until', code: 'order', detail: 'It must be after from.' });
  if (violations.length > 0) throw new InvalidInput(violations);
  return {
    ...{ actors: actor, aggregateTypes: aggregate_type, aggregateIds: aggregate_id },
    ...{ types: types?.map(fromEventType), ...window },
  };
}

/** @throws InvalidInput for an anchor or an end that lies outside of what is checked */
function anchorOf({ from_revision, until_revision = WHOLE_STREAM, expected }: VerifyQuery): Anchor | null {
  const violations: Violation[] = [];
  if (until_revision < from_revision)
    violations.push({
      ...{ pointer: '/until_revision', code: 'order' },
      detail: 'It must not be before from_revision.',
    });
  const [revision = 0, hash = ''] = expected?.split(':') ?? [];
  const anchor = { revision: Number(revision), hash: Buffer.from(hash, 'hex') };
  const isOutside = anchor.revision < from_revision || anchor.revision > until_revision;
  if (expected !== undefined && isOutside)
    violations.push({
      ...{ pointer: '/expected', code: 'range' },
      detail: 'Its revision is not among those that are checked.',
    });
  if (violations.length > 0) throw new InvalidInput(violations);
  return expected === undefined ? null : anchor;
}
