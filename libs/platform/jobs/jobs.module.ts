import { Global, Module } from '@nestjs/common';
import { Jobs } from './jobs.js';

/** What is done without being asked. */
@Global()
@Module({ providers: [Jobs], exports: [Jobs] })
export class JobsModule {}
