import { Global, Module } from '@nestjs/common';
import { HotCaches } from './hot-caches.js';

/** Memory in front of the database, everywhere. */
@Global()
@Module({ providers: [HotCaches], exports: [HotCaches] })
export class CacheModule {}
