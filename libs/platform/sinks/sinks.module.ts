import { Global, Module } from '@nestjs/common';
import { SinkCare } from './sink-care.js';
import { SinkLeases } from './sink-leases.js';
import { SinkMonitor } from './sink-monitor.js';
import { SinkQueries } from './sink.queries.js';
import { SinkStore } from './sink-store.js';
import { SinksController } from './sinks.controller.js';
import { Sinks } from './sinks.js';
import { SqlSinks } from './sql-sinks.js';

/** Where the change log is delivered to. */
@Global()
@Module({
  controllers: [SinksController],
  providers: [
    SinkStore,
    SinkLeases,
    { provide: Sinks, useClass: SqlSinks },
    SinkQueries,
    SinkCare,
    SinkMonitor,
  ],
  exports: [Sinks],
})
export class SinksModule {}
