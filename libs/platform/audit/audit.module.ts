import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditQueries } from './audit.queries.js';
import { ChainRows } from './chain-rows.js';
import { Verification } from './verification.js';

/** Who did what, and whether the log still says what was written. */
@Module({
  controllers: [AuditController],
  providers: [AuditQueries, ChainRows, Verification],
})
export class AuditModule {}
