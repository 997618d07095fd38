import { Readable } from 'node:stream';
import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { InvalidInput } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { Endpoint, TextBody } from '#platform/http';
import { parseYaml } from '#platform/yaml';
import { ConfigurationTransfer } from '../application/configuration-transfer.service.js';
import type { ConfigurationDocument } from '../application/configuration-transfer.service.js';
import type { Owned } from '../application/owned-configurations.js';
import type { ServiceId } from '../domain/identity.js';
import { configurationName, environmentName, serviceId } from '../domain/identity.js';
import { FormatTooNarrow } from '../domain/transfer-errors.js';
import { ConfigurationDocuments } from './configuration-document.js';
import type { Bounds } from './configuration-document.js';
import { writeJsonDocument, writeYamlDocument } from './document-stream.js';
import { FlatImport, missing } from './flat-import.js';
import { readDotenv, writeDotenv } from './formats/dotenv.js';
import type { FlatReading } from './formats/flat.js';
import { readProperties, writeProperties } from './formats/properties.js';
import { expectFitting, formatOf, isFlat, MEDIA_TYPES } from './transfer-formats.js';
import type { FlatFormat } from './transfer-formats.js';
import {
  ConfigurationImportResponse,
  ExportConfigurationsQuery,
  ImportConfigurationsQuery,
} from './transfer.dto.js';
import { toImportResponse } from './transfer.wire.js';

type Asked = ExportConfigurationsQuery | ImportConfigurationsQuery;
type Read = Pick<ConfigurationDocument, 'configurations' | 'tenant'>;

@ApiTags('Configuration')
@Controller({ path: 'configurations', version: '1' })
export class ConfigurationTransferController {
  constructor(
    private readonly transfer: ConfigurationTransfer,
    private readonly documents: ConfigurationDocuments,
    private readonly flat: FlatImport,
    private readonly context: CallContext,
  ) {}

  @Get('export')
  @Endpoint({
    name: 'exportConfigurations',
    summary: 'Export configurations',
    description:
      'json and yaml: everything that is the tenant’s own, or shared where no tenant is named, active or not: `{format, configurations}`; schemas by name and version, secrets as references. dotenv and properties: the values of one configuration, in a form that the import reads back to the same values; what the format cannot say is refused, with its place.',
    allow: 'configurations:read',
    produces: Object.values(MEDIA_TYPES),
    refuses: ['not-found', 'unprocessable'],
  })
  async export(
    @Query() query: ExportConfigurationsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | string> {
    const { format } = query;
    expectFitting(format, query);
    const owned = this.#ownedBy(query);
    const text = isFlat(format) ? await this.#writeFlat(format, query, owned) : null;
    reply.type(`${MEDIA_TYPES[format]}; charset=utf-8`);
    if (text !== null) return text;
    const write = format === 'yaml' ? writeYamlDocument : writeJsonDocument;
    return Readable.from(this.context.inCall(write(this.transfer.all(owned))));
  }

  @Post('import')
  @ApiBody({ schema: { type: 'object', additionalProperties: true } })
  @Endpoint({
    name: 'importConfigurations',
    summary: 'Import configurations',
    description:
      'A document as the export gives it, of at most 1 MiB. Each configuration is made or changed, by its service, name, environment and window, to what the document says; of a flat format the values are replaced, and the rest stays. All or nothing, checked once at the end: every mistake is told at its place, and in a flat format with its line. Repeating an import changes nothing.',
    allow: 'configurations:write',
    returns: ConfigurationImportResponse,
    texts: ['application/yaml', 'text/plain', 'text/x-java-properties'],
    refuses: ['conflict', 'too-large', 'unsupported', 'unprocessable'],
  })
  async import(
    @Query() query: ImportConfigurationsQuery,
    @Body() body: unknown,
  ): Promise<ConfigurationImportResponse> {
    const owned = this.#ownedBy(query);
    const read = await this.#read(body, query, owned.tenant);
    const document = {
      ...read,
      replaces: query.mode === 'replace' ? replacedBy(read, owned) : null,
      reason: query.change_reason ?? null,
    };
    return query.dry_run === true
      ? toImportResponse(await this.transfer.rehearse(document), 'rehearsed')
      : toImportResponse(await this.transfer.import(document), 'stored');
  }

  /** @throws InvalidInput */
  #read(body: unknown, query: ImportConfigurationsQuery, tenant: string | null): Promise<Read> {
    const format = formatOf(body, query);
    expectFitting(format, query);
    const { service_id, name, environment } = query;
    const bounds: Bounds = { tenant, within: { service_id, name, environment } };
    if (isFlat(format)) return this.flat.read(readFlat(format, textOf(body), query), bounds);
    return this.documents.read(format === 'yaml' ? parseYaml(textOf(body)) : body, bounds);
  }

  /** @throws InvalidInput, TenantForbidden */
  #ownedBy(query: Asked): Owned {
    return {
      tenant: writeTenant(this.context.current.caller, query.tenant_id),
      services: query.service_id === undefined ? null : [serviceId(query.service_id)],
      environment: query.environment === undefined ? null : environmentName(query.environment),
      name: query.name === undefined ? null : configurationName(query.name),
    };
  }

  /** @throws InvalidInput, ConfigurationNotFound, FormatTooNarrow */
  async #writeFlat(format: FlatFormat, query: Asked, { tenant, ...owned }: Owned): Promise<string> {
    const { services, name, environment } = owned;
    const [service] = services ?? [];
    if (service === undefined || name === null || environment === null)
      throw new InvalidInput(missing(query));
    const { values } = await this.transfer.permanent({ tenant, service, name, environment });
    if (format === 'properties') return writeProperties(values);
    const { text, violations } = writeDotenv(values, query.names ?? 'upper');
    if (violations.length > 0) throw new FormatTooNarrow(format, violations);
    return text;
  }
}

const textOf = (body: unknown): string => (body instanceof TextBody ? body.text : '');

function readFlat(format: FlatFormat, text: string, query: ImportConfigurationsQuery): FlatReading {
  const { types = 'infer', names = 'upper' } = query;
  return format === 'dotenv' ? readDotenv(text, types, names) : readProperties(text, types);
}

/** What a document does not name of a service that it names. @throws InvalidInput when it names none */
function replacedBy({ configurations }: Read, { environment, name }: Owned): Omit<Owned, 'tenant'> {
  const services = new Set<ServiceId>(configurations.map(({ scope }) => scope.service));
  if (services.size > 0) return { services: [...services], environment, name };
  const detail =
    'Replacing takes at least one configuration. To delete all of them on purpose, send their deletes to /api/v1/configurations/batch.';
  throw InvalidInput.at('/configurations', 'too_few', detail);
}
