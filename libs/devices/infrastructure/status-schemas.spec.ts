import type { Database } from '#platform/database';
import type { JsonSchemaPool } from '#platform/json-schema';
import { keyOfType, StatusSchemas } from './status-schemas.js';

const type = { id: '0190aaaa-0000-7000-8000-000000000001', version: 1 };
const row = { ...type, version: 2, status_values: ['on', 'off'], status_data_schema: null };

function schemasOver(rows: readonly object[]): { schemas: StatusSchemas; reads: () => number } {
  let reads = 0;
  const database = {
    read: () => {
      reads += 1;
      return Promise.resolve(rows);
    },
  };
  const schemas = new StatusSchemas(database as unknown as Database, {} as JsonSchemaPool);
  return { schemas, reads: () => reads };
}

it('a type that is changed while it is read is never one that allows everything', async () => {
  const { schemas } = schemasOver([row]);
  const rules = await schemas.rulesOf([type]);
  expect(rules.get(keyOfType(type))).toEqual({ values: ['on', 'off'], schema: null });
});

it('a version of a type is read once, and the one before it is not taken for it', async () => {
  const { schemas, reads } = schemasOver([row]);
  await schemas.rulesOf([type]);
  await schemas.rulesOf([row]);
  expect(reads()).toBe(1);
  await schemas.rulesOf([type]);
  expect(reads()).toBe(2);
});
