import { Controller, Get, Header, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Endpoint } from '#platform/http';
import { Metrics } from './metrics.js';

@ApiTags('Health')
@Controller({ path: 'metrics', version: VERSION_NEUTRAL })
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @Endpoint({
    name: 'getMetrics',
    summary: 'Figures for Prometheus',
    allow: 'public',
    produces: 'text/plain',
  })
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
