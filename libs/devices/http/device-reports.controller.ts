import { Body, Controller, Get, HttpStatus, Logger, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallContext, readTenant } from '#platform/context';
import { Endpoint, refusalOf, TenantQuery } from '#platform/http';
import { DomainError } from '#shared-kernel';
import { DeviceHistoryQueries } from '../application/device-history.queries.js';
import { DeviceReports } from '../application/device-reports.js';
import type { ReportOf } from '../application/device-reports.js';
import { deviceId } from '../domain/identity.js';
import type { Outcome } from '../domain/report.js';
import { placed, reportsOf, toBatchedReport, toReportedPatch, toStatusReport } from './report-bodies.js';
import {
  DeviceStatusResponse,
  ReportedBody,
  ReportedResponse,
  StatusBatchBody,
  StatusBatchResponse,
  StatusBody,
  StatusReportResponse,
} from './report.dto.js';
import type { StatusBatchResult } from './report.dto.js';
import { toReportedResponse, toStatusReportResponse, toStatusResponse } from './report.wire.js';

const REPORTS_MAX = 500;
const AGAIN = 'This very report was recorded before.';

@ApiTags('Devices')
@Controller({ path: 'devices', version: '1' })
export class DeviceReportsController {
  readonly #logger = new Logger(DeviceReportsController.name);

  constructor(
    private readonly reports: DeviceReports,
    private readonly queries: DeviceHistoryQueries,
    private readonly context: CallContext,
  ) {}

  @Post('status/batch')
  @ApiBody({ type: StatusBatchBody })
  @Endpoint({
    name: 'batchDeviceStatuses',
    summary: 'Report the status of many devices',
    description:
      'Each by itself: what is wrong with one is told at its place. Those of one device in this order.',
    allow: 'devices:report',
    status: HttpStatus.MULTI_STATUS,
    returns: StatusBatchResponse,
    refuses: ['limit'],
  })
  async reportMany(@Body() body: unknown, @Query() query: TenantQuery): Promise<StatusBatchResponse> {
    const tenant = readTenant(this.context.current.caller, query.tenant_id);
    const sent = reportsOf(body, REPORTS_MAX);
    const results: StatusBatchResult[] = [];
    const reports: ReportOf[] = [];
    const places: number[] = [];
    for (const [index, each] of sent.entries()) {
      try {
        reports.push(toBatchedReport(each, tenant));
        places.push(index);
      } catch (error) {
        results[index] = this.#refused(error, index);
      }
    }
    const outcomes = reports.length > 0 ? await this.reports.submitAll(reports) : [];
    for (const [at, index] of places.entries()) {
      const outcome = outcomes[at];
      results[index] =
        !outcome || outcome instanceof Error
          ? this.#refused(outcome, index)
          : { index, status: isAgain(outcome) ? HttpStatus.OK : HttpStatus.CREATED };
    }
    return { results };
  }

  @Post(':id/status')
  @ApiBody({ type: StatusBody })
  @Endpoint({
    name: 'reportDeviceStatus',
    summary: 'Report the status of a device',
    description: 'One that is older than the current one is kept in the history, and changes nothing now.',
    allow: 'devices:report',
    status: HttpStatus.CREATED,
    also: { [HttpStatus.OK]: AGAIN },
    returns: StatusReportResponse,
    refuses: ['not-found', 'unprocessable', 'limit'],
  })
  async report(
    @Param('id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StatusReportResponse> {
    const device = { id: deviceId(id) };
    const outcome = await this.reports.submit({ device, report: toStatusReport(body) });
    if (isAgain(outcome)) reply.code(HttpStatus.OK);
    return toStatusReportResponse(outcome);
  }

  @Get(':id/status')
  @Endpoint({
    name: 'getDeviceStatus',
    summary: 'Get the status of a device',
    allow: 'devices:read',
    returns: DeviceStatusResponse,
    refuses: ['not-found'],
  })
  async status(@Param('id') id: string): Promise<DeviceStatusResponse> {
    return toStatusResponse(await this.queries.condition(deviceId(id)));
  }

  @Patch(':id/reported')
  @ApiBody({ type: ReportedBody })
  @Endpoint({
    name: 'patchDeviceReported',
    summary: 'Report how a device is set up',
    description:
      'A merge patch of what it reported before. One that is older than that changes the history, and nothing now.',
    allow: 'devices:report',
    returns: ReportedResponse,
    refuses: ['not-found'],
  })
  async patchReported(@Param('id') id: string, @Body() body: unknown): Promise<ReportedResponse> {
    const device = { id: deviceId(id) };
    return toReportedResponse(await this.reports.submit({ device, report: toReportedPatch(body) }));
  }

  @Post(':id/heartbeat')
  @Endpoint({
    name: 'sendDeviceHeartbeat',
    summary: 'Say that a device is there',
    allow: 'devices:report',
    status: HttpStatus.NO_CONTENT,
    refuses: ['not-found'],
  })
  async heartbeat(@Param('id') id: string): Promise<void> {
    const device = { id: deviceId(id) };
    await this.reports.submit({ device, report: { kind: 'heartbeat', observedAt: null } });
  }

  /** What is no refusal is a bug, which the caller learns nothing of. */
  #refused(error: unknown, index: number): StatusBatchResult {
    if (!(error instanceof DomainError)) this.#logger.error(error);
    const { problem } = refusalOf(error, this.context.current.requestId);
    const errors = problem.errors && { errors: placed(problem.errors, index) };
    return { index, status: problem.status, problem: { ...problem, ...errors } };
  }
}

const isAgain = (outcome: Outcome): boolean => outcome.kind !== 'heartbeat' && outcome.isRepeat;
