import { Global, Module } from '@nestjs/common';
import { JsonSchemaPool } from './json-schema-pool.js';

/** Schemas that callers send, and checks against them. */
@Global()
@Module({ providers: [JsonSchemaPool], exports: [JsonSchemaPool] })
export class JsonSchemaModule {}
