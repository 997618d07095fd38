import { Injectable } from '@nestjs/common';
import type { Violation } from '#shared-kernel';
import { LoneSchemas } from '#platform/json-schema';
import { ResponseSchemas } from '../application/response-schemas.js';
import type { ResponseSchema } from '../application/response-schemas.js';

@Injectable()
export class PooledResponseSchemas extends ResponseSchemas {
  constructor(private readonly schemas: LoneSchemas) {
    super();
  }

  override admit(tenant: string | null, schema: ResponseSchema, pointer: string): Promise<void> {
    return this.schemas.admit(tenant, schema, { pointer, of: 'a response' });
  }

  override async check(
    tenant: string | null,
    schema: ResponseSchema,
    { data, pointer }: { readonly data: unknown; readonly pointer: string },
  ): Promise<readonly Violation[]> {
    const document = { text: JSON.stringify(data), secretsAt: [] };
    const [breaches = []] = await this.schemas.check(tenant, schema, [document]);
    return breaches.map(({ pointer: inside, keyword: code, detail }) => ({
      pointer: pointer + inside,
      code,
      detail,
    }));
  }
}
