/** A schema of the OpenAPI document: JSON Schema 2020-12, as far as it is read here. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly [keyword: string]: unknown;
}

export type Schemas = Readonly<Record<string, Schema>>;
export type Content = Readonly<Record<string, { readonly schema?: Schema; readonly example?: unknown }>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Response {
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** One operation of the document. */
export interface Operation {
  readonly id: string;
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly body: Content | undefined;
  /** By status. */
  readonly responses: Readonly<Record<string, Response>>;
}

/** What is read of the document. */
export interface Document {
  readonly info: { readonly title: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, PathOperation>>>>;
  readonly components: { readonly schemas: Schemas };
}

interface PathOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Operation['responses'];
}

const METHODS = ['post', 'put', 'get', 'patch', 'delete'] as const;
const STREAM = 'text/event-stream';

/** Every operation, by path as in the document; of one path, what makes something first and what removes it last. */
export function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const said = item[method];
      return said ? [operationOf(said, method.toUpperCase(), path)] : [];
    }),
  );
}

function operationOf(said: PathOperation, method: string, path: string): Operation {
  return {
    ...{ id: said.operationId, method, path, tag: said.tags[0] ?? '' },
    ...{ summary: said.summary, description: said.description ?? '' },
    ...{ parameters: said.parameters ?? [], body: said.requestBody?.content, responses: said.responses },
  };
}

/** The statuses of success that the document names, lowest first. */
export function successesOf({ responses }: Operation): number[] {
  return Object.keys(responses)
    .map(Number)
    .filter((status) => status >= 200 && status < 300)
    .sort((a, b) => a - b);
}

/** It answers with events for as long as somebody listens, and with nothing else. */
export function isStream({ responses }: Operation): boolean {
  const types = Object.keys(responses['200']?.content ?? {});
  return types.length > 0 && types.every((type) => type === STREAM);
}

/** The schema itself, where it is only referred to. */
export function resolve(schema: Schema, schemas: Schemas): Schema {
  return schema.$ref === undefined ? schema : (schemas[nameOf(schema.$ref)] ?? {});
}

/** `Flag` of `#/components/schemas/Flag`. */
export const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);
