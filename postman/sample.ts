import type { Schema, Schemas } from './openapi.js';
import { resolve } from './openapi.js';

/** A value that a schema allows: its first example, else its default, else the least that it requires. */
export function sampleOf(schema: Schema, schemas: Schemas): unknown {
  const target = resolve(schema, schemas);
  if (target.examples) return target.examples[0];
  if (target.default !== undefined) return target.default;
  if (target.enum) return target.enum[0];
  const part = target.allOf?.[0] ?? target.oneOf?.[0] ?? target.anyOf?.[0];
  return part ? sampleOf(part, schemas) : sampleOfType(target, schemas);
}

function sampleOfType(schema: Schema, schemas: Schemas): unknown {
  const type = [schema.type].flat()[0];
  if (type === 'object') return requiredOf(schema, schemas);
  if (type === 'array') return schema.items ? [sampleOf(schema.items, schemas)] : [];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return true;
  return type === 'null' ? null : 'text';
}

function requiredOf({ properties = {}, required = [] }: Schema, schemas: Schemas): object {
  return Object.fromEntries(required.map((name) => [name, sampleOf(properties[name] ?? {}, schemas)]));
}
