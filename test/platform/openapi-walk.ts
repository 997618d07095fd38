import type { Reply, TestApi } from '../api.js';

/** What the caller knows, by the name of a parameter or property. `null` is sent as null in bodies and left out of queries. */
export type Facts = Readonly<Record<string, string | number | null | undefined>>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema?: Schema;
}

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly Parameter[];
  /** The statuses that it declares. */
  readonly statuses: readonly number[];
  /** The permission that it needs; absent where it needs no credential. */
  readonly allow: string | undefined;
  /** By media type; absent where there is no body. */
  readonly content: Readonly<Record<string, { readonly schema: Schema }>> | undefined;
  readonly schemas: Readonly<Record<string, Schema>>;
}

interface Schema {
  readonly $ref?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
}

/** It comes by POST because of what it brings, and changes nothing: whoever may read may ask. */
export const isQuestion = ({ method, allow }: Operation): boolean =>
  method === 'POST' && (allow?.endsWith(':read') ?? false);

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const SEGMENT = /\{([^}]+)\}/g;

/** Every operation of a document, in its order. */
export function operationsOf(document: any): Operation[] {
  return Object.entries<any>(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      id: item[method].operationId,
      method: method.toUpperCase(),
      path,
      query: (item[method].parameters ?? []).filter((parameter: Parameter) => parameter.in === 'query'),
      statuses: Object.keys(item[method].responses ?? {}).map(Number),
      allow: item[method].security?.[0].bearer[0],
      content: item[method].requestBody?.content,
      schemas: document.components.schemas,
    })),
  );
}

/** A request that the document allows, about what is known: every parameter and property that is known is filled in. */
export function requestFor(
  operation: Operation,
  facts: Facts,
): { path: string; body: unknown; type: string } {
  const path = operation.path.replaceAll(SEGMENT, (_, name: string) =>
    encodeURIComponent(String(facts[name] ?? '1')),
  );
  const query = operation.query
    .filter(({ name, required }) => required || (facts[name] !== undefined && facts[name] !== null))
    .map(
      (each) =>
        `${each.name}=${encodeURIComponent(String(facts[each.name] ?? sampleParameter(each, facts)))}`,
    );
  const type = Object.keys(operation.content ?? {})[0] ?? 'application/json';
  const sent = operation.method === 'PATCH' ? 'application/merge-patch+json' : type;
  const url = query.length > 0 ? `${path}?${query.join('&')}` : path;
  return { path: url, body: bodyFor(operation, type, facts), type: sent };
}

/** For what is required and not known: another resource may be the same one as well. */
function sampleParameter({ schema = {} }: Parameter, { id }: Facts): unknown {
  return schema.format === 'uuid' && id ? id : sampleOf(schema, {}, {});
}

/** Asks so, as the administrator of development where no key is given. */
export async function call(api: TestApi, operation: Operation, facts: Facts, key?: string): Promise<Reply> {
  const { path, body, type } = requestFor(operation, facts);
  return api.request(operation.method, path, {
    ...(body !== undefined && { body, headers: { 'Content-Type': type } }),
    ...(key !== undefined && { key }),
  });
}

function bodyFor({ content, schemas }: Operation, type: string, facts: Facts): unknown {
  const schema = content?.[type]?.schema;
  if (!schema) return undefined;
  if (!type.includes('json')) return 'x';
  if (type.includes('ndjson')) return `${JSON.stringify({ ...named(facts), value: 1 })}\n`;
  return sampleOf(schema, schemas, facts);
}

/** An id in a body chooses one for something new; what is there is named by the path, or by its key. */
function named({ key, namespace, name, tenant_id }: Facts): Facts {
  return { key, namespace, name, ...(tenant_id !== undefined && { tenant_id }) };
}

function sampleOf(schema: Schema, schemas: Operation['schemas'], facts: Facts): unknown {
  const target = schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (target.allOf?.[0]) return sampleOf(target.allOf[0], schemas, facts);
  if (target.properties) return sampleObject(target.properties, target.required ?? [], schemas, facts);
  if (target.examples) return target.examples[0];
  if (target.enum) return target.enum[0];
  const type = [target.type].flat()[0];
  if (type === 'array') return target.items ? [sampleOf(target.items, schemas, facts)] : [];
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return false;
  if (type === 'object') return {};
  return 'x';
}

function sampleObject(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
  schemas: Operation['schemas'],
  facts: Facts,
): object {
  const known = named(facts);
  const chosen = Object.entries(properties).filter(
    ([name]) => required.includes(name) || known[name] !== undefined || name === 'value',
  );
  return Object.fromEntries(
    chosen.map(([name, schema]) => [
      name,
      known[name] === undefined ? sampleOf(schema, schemas, facts) : known[name],
    ]),
  );
}
