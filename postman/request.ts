import type { ConvertedRequest, Field } from './convert.js';
import type { Operation, Parameter, Schema, Schemas } from './openapi.js';
import { resolve } from './openapi.js';
import { sampleOf } from './sample.js';
import type { Call } from './sequence.js';
import { variableOf } from './script.js';
import type { Thing } from './things.js';

/** What is known beside the call. */
export interface Surroundings {
  readonly things: readonly Thing[];
  readonly schemas: Schemas;
  /** Values of parameters and properties, by name, wherever nothing else says one. */
  readonly values: Readonly<Record<string, string>>;
  /** The same, of parameters in paths alone. */
  readonly pathValues: Readonly<Record<string, string>>;
}

/** What has to differ from one run to the next. */
const UNIQUE = ['name', 'key', 'slug', 'alias'];
/** What an update changes, the first of these that there is. */
const CHANGEABLE = ['description', 'notes', 'name'];
const CREATED = 201;
const MERGE_PATCH = 'application/merge-patch+json';

/** The request with all its values, those of optional parameters switched off. */
export function requestOf(call: Call, converted: ConvertedRequest, around: Surroundings): object {
  const { operation, step } = call;
  const type = step.type ?? mediaTypeOf(operation);
  const { host, path } = converted.url;
  const query = converted.url.query.map((field) => queryField(field, call, around));
  const variable = converted.url.variable.map((field) => pathField(field, call, around));
  return {
    ...{ method: operation.method, description: operation.description },
    header: headersOf(call, converted, type),
    url: { raw: rawUrl(host, path, query), host, path, query, variable },
    ...(type !== undefined && { body: bodyOf(call, type, around) }),
  };
}

function mediaTypeOf({ body = {} }: Operation): string | undefined {
  const types = Object.keys(body);
  return types.includes(MERGE_PATCH) ? MERGE_PATCH : types[0];
}

function rawUrl(host: readonly string[], path: readonly string[], query: readonly Field[]): string {
  const sent = query.filter(({ disabled }) => !disabled).map(({ key, value }) => `${key}=${value}`);
  return `${host.join('.')}/${path.join('/')}${sent.length > 0 ? `?${sent.join('&')}` : ''}`;
}

function pathField({ key, description }: Field, call: Call, around: Surroundings): Field {
  const value =
    call.step.path?.[key] ?? variableOf(call, key, around) ?? around.pathValues[key] ?? around.values[key];
  if (value === undefined)
    throw new Error(`${call.operation.id}: nothing tells what {${key}} is: say it in postman/scenario.`);
  return { key, value, description };
}

function queryField({ key, description }: Field, { operation, step }: Call, around: Surroundings): Field {
  const parameter = operation.parameters.find(({ name, in: place }) => place === 'query' && name === key);
  const own = step.query?.[key];
  const value = own ?? around.values[key] ?? textOf(parameter, around.schemas);
  const isSent = own !== undefined || parameter?.required === true;
  return { key, value, description, ...(!isSent && { disabled: true }) };
}

function textOf(parameter: Parameter | undefined, schemas: Schemas): string {
  const value = [sampleOf(parameter?.schema ?? {}, schemas)].flat()[0];
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function headersOf(
  { operation, step, thing }: Call,
  { header = [] }: ConvertedRequest,
  type?: string,
): Field[] {
  const isOwn = ({ key }: Field): boolean => key !== 'Content-Type';
  const named = header.filter(isOwn).map(({ key, description }): Field => {
    const own = step.headers?.[key];
    if (own !== undefined) return { key, value: own, description };
    if (key === 'Accept') return { key, value: acceptOf(operation) };
    if (key === 'If-Match' && thing && step.status !== CREATED)
      return { key, value: `{{${step.as ?? thing.name}ETag}}`, description };
    return { key, value: '', description, disabled: true };
  });
  return type === undefined ? named : [...named, { key: 'Content-Type', value: type }];
}

/** Any of them: which one it is, is tested. */
const acceptOf = ({ responses }: Operation): string =>
  [...new Set(Object.values(responses).flatMap(({ content = {} }) => Object.keys(content)))].join(', ');

function bodyOf(call: Call, type: string, around: Surroundings): object {
  const { operation, step } = call;
  if (typeof step.whole === 'string') return { mode: 'raw', raw: step.whole };
  const body = step.whole ?? memberBody(call, operation.body?.[type]?.schema ?? {}, around);
  const raw = JSON.stringify(body, null, 2);
  return { mode: 'raw', raw, options: { raw: { language: 'json' } } };
}

function memberBody({ operation, step, thing }: Call, schema: Schema, around: Surroundings): unknown {
  const sample = sampleOf(schema, around.schemas);
  if (typeof sample !== 'object' || sample === null || Array.isArray(sample)) return step.body ?? sample;
  const known = Object.entries(sample).map(([name, value]) => [name, around.values[name] ?? value]);
  const own = Object.fromEntries(known) as Record<string, unknown>;
  const base = thing?.creation === operation ? unique(own) : changed(own, operation, schema, around.schemas);
  return { ...base, ...step.body };
}

function unique(body: Record<string, unknown>): object {
  const named = Object.entries(body).map(([name, value]) => [
    name,
    UNIQUE.includes(name) && typeof value === 'string' ? `${value}-{{run}}` : value,
  ]);
  return Object.fromEntries(named) as object;
}

/** An update of nothing would change nothing: something that is safe to change is. */
function changed(body: object, { method }: Operation, schema: Schema, schemas: Schemas): object {
  if (Object.keys(body).length > 0 || (method !== 'PUT' && method !== 'PATCH')) return body;
  const { properties = {} } = resolve(schema, schemas);
  const name = CHANGEABLE.find((each) => each in properties);
  return name === undefined ? body : { [name]: `Changed by ${method} {{run}}` };
}
