import { Body, Controller, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Endpoint, IfMatch, ReasonBody } from '#platform/http';
import type { ExpectedVersion } from '#shared-kernel';
import { configurationId } from '../domain/identity.js';
import { ConfigurationWriter } from './configuration-writer.js';
import { ConfigurationResponse } from './configuration.dto.js';
import { WriteQuery } from './configuration.queries.dto.js';
import { DryRunResponse } from './dry-run.dto.js';

@ApiTags('Configuration')
@Controller({ path: 'configurations/:id', version: '1' })
export class ConfigurationActionsController {
  constructor(private readonly writer: ConfigurationWriter) {}

  @Post('activate')
  @Endpoint({
    name: 'activateConfiguration',
    summary: 'Activate a configuration',
    description: 'From now on it counts, while its window is open. Of an active one nothing changes.',
    allow: 'configurations:write',
    returns: ConfigurationResponse,
    rehearses: DryRunResponse,
    refuses: ['not-found', 'conflict', 'stale', 'unprocessable'],
  })
  activate(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: WriteQuery,
    @Body() body: ReasonBody,
  ): Promise<ConfigurationResponse | DryRunResponse> {
    const target = { id: configurationId(id), ifVersion };
    return this.writer.write(query, (writes) => writes.activate(target, body?.change_reason ?? null));
  }

  @Post('deactivate')
  @Endpoint({
    name: 'deactivateConfiguration',
    summary: 'Deactivate a configuration',
    description: 'From now on what is below it shows again. Of one that is not active nothing changes.',
    allow: 'configurations:write',
    returns: ConfigurationResponse,
    rehearses: DryRunResponse,
    refuses: ['not-found', 'conflict', 'stale', 'unprocessable'],
  })
  deactivate(
    @Param('id') id: string,
    @IfMatch() ifVersion: ExpectedVersion,
    @Query() query: WriteQuery,
    @Body() body: ReasonBody,
  ): Promise<ConfigurationResponse | DryRunResponse> {
    const target = { id: configurationId(id), ifVersion };
    return this.writer.write(query, (writes) => writes.deactivate(target, body?.change_reason ?? null));
  }
}
