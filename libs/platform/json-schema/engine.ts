import { Ajv } from 'ajv';
import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { _, not } from 'ajv/dist/compile/codegen/index.js';
import type { Violation } from '#shared-kernel';
import { EQUALITY } from './equality.js';
import { notingEvaluated } from './evaluated.js';
import { FORMATS } from './formats.js';
import { memberAt } from './json.js';
import type { Json } from './json.js';
import type { Dialect } from './keywords.js';
import type { DocumentViolation, SchemaBundle, Secrets } from './messages.js';
import { linearPattern } from './patterns.js';
import { addressOf, IS_SECRET, prepareSchema } from './prepare-schema.js';

const VIOLATIONS_MAX = 100;
/** Of a name, or of a message: it may quote a pattern, or a list of names. */
const SHOWN_MAX = 300;

const OPTIONS: Options = {
  strict: false,
  logger: false,
  inlineRefs: false,
  $data: false,
  allErrors: true,
  ownProperties: true, // Else `toString` is a property of every object.
};

function engineOf(dialect: Dialect, options: Options): Ajv | Ajv2020 {
  const engine = dialect === 'draft-07' ? new Ajv(options) : new Ajv2020(options);
  for (const keyword of EQUALITY) engine.removeKeyword(String(keyword.keyword)).addKeyword(keyword);
  return engine;
}

/** What the schemas of each dialect have to satisfy themselves; patterns are looked at apart. */
const metaschemas: Readonly<Record<Dialect, ValidateFunction>> = {
  '2020-12': metaschemaOf('2020-12'),
  'draft-07': metaschemaOf('draft-07'),
};

function metaschemaOf(dialect: Dialect): ValidateFunction {
  const engine = engineOf(dialect, { ...OPTIONS, validateFormats: false });
  const metaschema = engine.getSchema(engine.defaultMeta() as string);
  if (!metaschema) throw new Error(`The engine has no metaschema of ${dialect}.`);
  return metaschema;
}

/** Where a schema is none of its dialect; of several reasons at one place the first. */
export function schemaMistakes(schema: Json, dialect: Dialect): Violation[] {
  const metaschema = metaschemas[dialect];
  if (metaschema(schema)) return [];
  const byPlace = new Map<string, Violation>();
  for (const error of (metaschema.errors ?? []).slice(0, VIOLATIONS_MAX)) {
    const { pointer, detail } = violationOf(error);
    if (!byPlace.has(pointer)) byPlace.set(pointer, { pointer, code: 'schema_invalid', detail });
  }
  return [...byPlace.values()];
}

/** What a secret is replaced with: no document that was sent has a NUL in it, and no two are alike. */
export const secretText = (index: number): string => `\0${index}`;

/** A function that holds documents against the schema. */
export function compileBundle(bundle: SchemaBundle, secrets: Secrets): ValidateFunction {
  const [root] = bundle;
  const engine = engineOf(root.dialect, {
    ...OPTIONS,
    meta: false,
    validateSchema: false,
    formats: FORMATS,
    code: {
      regExp: linearPattern as unknown as NonNullable<Options['code']>['regExp'] & object,
      process: notingEvaluated,
    },
  });
  engine.addKeyword({
    keyword: IS_SECRET,
    code: (context) => {
      const { data } = context;
      context.fail(not(_`typeof ${data} == "string" && ${data}.charCodeAt(0) === 0`));
    },
  });
  for (const schema of bundle) engine.addSchema(prepareSchema(schema, bundle, secrets));
  const compiled = engine.getSchema(addressOf(root.key));
  if (!compiled) throw new Error('The schema was just added.');
  return compiled;
}

/** The first hundred things that a document breaks. */
export function violationsIn(check: ValidateFunction, document: Json): DocumentViolation[] {
  if (check(document)) return [];
  const told = (check.errors ?? []).filter(({ keyword }) => keyword !== 'if'); // What `then` or `else` say is there by itself.
  return told.slice(0, VIOLATIONS_MAX).map(violationOf);
}

function violationOf({
  instancePath,
  keyword,
  message = 'is not allowed',
  params,
}: ErrorObject): DocumentViolation {
  const { missingProperty, additionalProperty, unevaluatedProperty, propertyName } = params as Readonly<
    Record<string, unknown>
  >;
  const name = missingProperty ?? additionalProperty ?? unevaluatedProperty ?? propertyName;
  const pointer = typeof name === 'string' ? memberAt(instancePath, shown(name)) : instancePath;
  const isExtra = additionalProperty !== undefined || unevaluatedProperty !== undefined;
  if (missingProperty !== undefined) return { pointer, keyword, detail: 'It is required.' };
  if (isExtra) return { pointer, keyword, detail: 'The schema has no such property.' };
  return {
    pointer,
    keyword: keyword === 'false schema' ? 'false' : keyword,
    detail: `It ${shown(message)}.`,
  };
}

const shown = (text: string): string => (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text);
