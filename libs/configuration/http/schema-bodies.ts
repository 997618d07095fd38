import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CallContext, readTenant, writeTenant } from '#platform/context';
import { checkBody, expectNone, isMembers, Reading } from '#platform/http';
import type { NewSchema, NextSchema } from '../application/schema.service.js';
import { schemaName } from '../domain/config-schema.js';
import { FIRST_VERSION } from '../domain/config-schema-version.js';
import { schemaId } from '../domain/identity.js';
import type { JsonValue } from '../domain/json.js';
import { AddSchemaVersionBody, CheckCompatibilityBody, CreateSchemaBody } from './schema.dto.js';

type AnyNew = CreateSchemaBody | AddSchemaVersionBody;

/** From bodies of schemas to what the service takes; everything that is wrong is told together. */
@Injectable()
export class SchemaBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewSchema> {
    const { body, jsonSchema } = await this.#read(CreateSchemaBody, sent);
    return this.#new(body, { name: body.name, version: body.version ?? FIRST_VERSION, jsonSchema });
  }

  /** @throws InvalidInput, TenantForbidden */
  async toNextVersion(name: string, sent: unknown): Promise<NewSchema> {
    const { body, jsonSchema } = await this.#read(AddSchemaVersionBody, sent);
    return this.#new(body, { name, version: body.version, jsonSchema });
  }

  /** @throws InvalidInput, TenantForbidden */
  async toComparison(name: string, sent: unknown): Promise<NextSchema> {
    const { body, jsonSchema } = await this.#read(CheckCompatibilityBody, sent);
    const { mode = null, against = null } = body;
    const tenant = readTenant(this.context.current.caller, body.tenant_id);
    return { tenant, name, jsonSchema, mode, against };
  }

  #new(body: AnyNew, named: Pick<NewSchema, 'name' | 'version' | 'jsonSchema'>): NewSchema {
    return {
      ...named,
      name: schemaName(named.name),
      id: schemaId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(this.context.current.caller, body.tenant_id),
      description: body.description ?? null,
      compatibility: body.compatibility ?? null,
      reason: body.change_reason ?? null,
    };
  }

  async #read<Body extends object>(
    type: new () => Body,
    sent: unknown,
  ): Promise<{ body: Body; jsonSchema: JsonValue }> {
    const { raw, body, violations } = await checkBody(type, sent);
    const reading = new Reading();
    const schema = raw['json_schema'];
    if (schema === undefined) reading.note('required', '/json_schema', 'It is required.');
    else if (!isMembers(schema) && typeof schema !== 'boolean') {
      reading.note('type', '/json_schema', 'It must be an object, true or false.');
    }
    expectNone([...violations, ...reading.violations]);
    return { body, jsonSchema: schema as JsonValue };
  }
}
