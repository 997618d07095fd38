import { randomUUID } from 'node:crypto';
import type { Sent, TestApi } from '../api.js';
import { made } from './made.js';

export const SCHEMAS = '/api/v1/configurations/schemas';

/** A name that nothing has. */
export const aName = (): string => `n-${randomUUID()}`;

/** A schema that was just registered. */
export async function aSchema(
  api: TestApi,
  schema: unknown,
  body: object = {},
  sent: Sent = {},
): Promise<any> {
  return made(await api.post(SCHEMAS, { name: aName(), json_schema: schema, ...body }, sent));
}
