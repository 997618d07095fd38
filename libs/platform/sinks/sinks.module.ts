import { Global, Module } from '@nestjs/common';
import { SinkLeases } from './sink-leases.js';
import { SinkStore } from './sink-store.js';
import { Sinks } from './sinks.js';
import { SqlSinks } from './sql-sinks.js';

/** Where the change log is delivered to. */
@Global()
@Module({
  providers: [SinkStore, SinkLeases, { provide: Sinks, useClass: SqlSinks }],
  exports: [Sinks],
})
export class SinksModule {}
