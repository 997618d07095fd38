import { Global, Module } from '@nestjs/common';

/** Where the change log is delivered to. */
@Global()
@Module({})
export class SinksModule {}
