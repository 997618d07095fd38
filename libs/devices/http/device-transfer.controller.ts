import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { Endpoint, isMembers, stringifyExact, TextBody } from '#platform/http';
import { DeviceQueries } from '../application/device.queries.js';
import type { DeviceView } from '../application/device.queries.js';
import { csvHeader, readCsvDevices, toCsvRow, toExported } from './csv-devices.js';
import type { ImportLine } from './csv-devices.js';
import { toFilter } from './device-filters.js';
import { DeviceImport } from './device-import.js';
import { DeviceImportResponse } from './device-import.dto.js';
import { ExportDevicesQuery, ImportDevicesQuery } from './device.queries.dto.js';

const JSON_TYPE = 'application/json';
const CSV_TYPE = 'text/csv';

@ApiTags('Devices')
@Controller({ path: 'devices', version: '1' })
export class DeviceTransferController {
  constructor(
    private readonly queries: DeviceQueries,
    private readonly imports: DeviceImport,
    private readonly context: CallContext,
  ) {}

  @Get('export')
  @Endpoint({
    name: 'exportDevices',
    summary: 'Export devices',
    description:
      'What is said of the tenant’s own devices, or of the shared ones where no tenant is named, as the import takes it. In CSV a cell that a spreadsheet would calculate has an apostrophe before it, which the import takes away.',
    allow: 'devices:read',
    produces: [JSON_TYPE, CSV_TYPE],
  })
  export(@Query() query: ExportDevicesQuery, @Res({ passthrough: true }) reply: FastifyReply): Readable {
    const tenant = writeTenant(this.context.current.caller, query.tenant_id);
    const devices = this.queries.all(toFilter(tenant, query));
    reply.type(`${query.format === 'csv' ? CSV_TYPE : JSON_TYPE}; charset=utf-8`);
    const write = query.format === 'csv' ? csvOf : jsonOf;
    return Readable.from(this.context.inCall(write(devices)));
  }

  @Post('import')
  @ApiBody({ schema: { type: 'object', additionalProperties: true } })
  @Endpoint({
    name: 'importDevices',
    summary: 'Import devices',
    description:
      'CSV with a header (RFC 4180), or JSON: `{"devices": [...]}` or a list; of at most 1 MiB and 10,000 devices. Each is found by its id, else by its address, and made what its line says, or registered. What a line does not name stays as it is; null, or an empty cell, clears. Repeating an import changes nothing.',
    allow: 'devices:write',
    returns: DeviceImportResponse,
    texts: [CSV_TYPE],
    lists: true,
    refuses: ['too-large', 'unsupported', 'unprocessable', 'limit', 'unavailable'],
  })
  import(@Query() query: ImportDevicesQuery, @Body() body: unknown): Promise<DeviceImportResponse> {
    const tenant = writeTenant(this.context.current.caller, query.tenant_id);
    const lines = body instanceof TextBody ? readCsvDevices(body.text) : readJsonDevices(body);
    const { mode, dry_run: isDryRun = false, change_reason: reason = null } = query;
    return this.imports.run(lines, { tenant, mode, isDryRun, reason });
  }
}

/** @throws InvalidInput */
function readJsonDevices(body: unknown): ImportLine[] {
  const unknown = isMembers(body) ? Object.keys(body).filter((name) => name !== 'devices') : [];
  if (unknown.length > 0) {
    const detail = 'There is no such property.';
    throw new InvalidInput(
      unknown.map((name) => ({ pointer: `/${name}`, code: 'unknown_property', detail })),
    );
  }
  const items: unknown = isMembers(body) ? body['devices'] : body;
  if (!Array.isArray(items))
    throw InvalidInput.at('/devices', 'required', 'The body is a list of devices, or {"devices": [...]}.');
  return items.map((item: unknown, index) => {
    const line = index + 1;
    if (isMembers(item)) return { line, sent: item, mistakes: [] };
    const mistake = { pointer: '', code: 'type', detail: 'A device is an object.' };
    return { line, sent: {}, mistakes: [mistake] };
  });
}

async function* csvOf(devices: AsyncIterable<DeviceView>): AsyncGenerator<string> {
  yield csvHeader();
  for await (const device of devices) yield toCsvRow(device);
}

async function* jsonOf(devices: AsyncIterable<DeviceView>): AsyncGenerator<string> {
  yield '{"devices":[';
  let separator = '\n';
  for await (const device of devices) {
    yield `${separator}${stringifyExact(toExported(device))}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}
