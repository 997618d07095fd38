import { Global, Module } from '@nestjs/common';
import { CallContext } from './call-context.js';

/** Who calls, everywhere. */
@Global()
@Module({ providers: [CallContext], exports: [CallContext] })
export class ContextModule {}
