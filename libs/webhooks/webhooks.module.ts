import { Module } from '@nestjs/common';

/** Webhooks, wired: ports to adapters, and what runs by itself. */
@Module({})
export class WebhooksModule {}
