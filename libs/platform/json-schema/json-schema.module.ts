import { Global, Module } from '@nestjs/common';
import { JsonSchemaPool } from './json-schema-pool.js';
import { LoneSchemas } from './lone-schemas.js';

/** Schemas that callers send, and checks against them. */
@Global()
@Module({ providers: [JsonSchemaPool, LoneSchemas], exports: [JsonSchemaPool, LoneSchemas] })
export class JsonSchemaModule {}
