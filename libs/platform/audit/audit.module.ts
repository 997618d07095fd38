import { Module } from '@nestjs/common';

/** Who did what, and whether the log still says what was written. */
@Module({})
export class AuditModule {}
