import { FORMATS } from './formats.js';
import { isList, isMembers, memberAt, stepsOf } from './json.js';
import type { Json, JsonMembers } from './json.js';
import { APPLICATORS, ASSERTIONS, SHELVES } from './keywords.js';
import type { Dialect } from './keywords.js';
import type { SchemaBundle, SchemaText, Secrets } from './messages.js';
import { readReference } from './references.js';
import { lintSchema } from './schema-lint.js';
import type { LintedSchema } from './schema-lint.js';
import { standsAlone } from './subschemas.js';

/** A keyword of ours that holds for what stands where a secret will be; see engine.ts. */
export const IS_SECRET = 'metastoreIsSecret';

/** How the engine knows a schema; nothing is ever asked of this host. */
export const addressOf = (key: string): string => `https://schema.invalid/${key}`;

/**
 * A schema as the engine takes it: only the keywords of its dialect, so that nothing that the engine adds of its own has
 * a meaning here, references by address, and, where secrets are expected, each schema satisfied by what stands for one.
 */
export function prepareSchema(schema: SchemaText, bundle: SchemaBundle, secrets: Secrets): JsonMembers {
  const prepared = new Preparation(schema, bundle, secrets).schema(JSON.parse(schema.text) as Json);
  return { $id: addressOf(schema.key), ...(isMembers(prepared) ? prepared : { allOf: [prepared] }) };
}

class Preparation {
  readonly #dialect: Dialect;

  constructor(
    private readonly source: SchemaText,
    private readonly bundle: SchemaBundle,
    private readonly secrets: Secrets,
  ) {
    this.#dialect = source.dialect;
  }

  /** No deeper than a schema may be. */
  schema(schema: Json): Json {
    if (!isMembers(schema)) return schema;
    const isReference = standsAlone(schema, this.#dialect);
    const kept = Object.entries(schema).flatMap(([keyword, value]) =>
      isReference && keyword !== '$ref' && !SHELVES.has(keyword) ? [] : this.#keyword(keyword, value),
    );
    const prepared = this.#withDynamic(schema, Object.fromEntries(kept));
    return this.secrets === 'some' ? { if: { [IS_SECRET]: true }, else: prepared } : prepared;
  }

  #keyword(keyword: string, value: Json): [string, Json][] {
    const applicator = APPLICATORS[this.#dialect].get(keyword);
    if (applicator) return [[keyword, this.#held(value, applicator.holds)]];
    if (keyword === '$ref') {
      return typeof value === 'string' ? [[keyword, this.#reference(value)]] : [];
    }
    if (keyword === 'format')
      return typeof value === 'string' && Object.hasOwn(FORMATS, value) ? [[keyword, value]] : [];
    return ASSERTIONS[this.#dialect].has(keyword) ? [[keyword, value]] : [];
  }

  /** The engine lets everything through a dynamic reference whose anchor is not at the top: here it is a plain reference. */
  #withDynamic(schema: JsonMembers, prepared: JsonMembers): JsonMembers {
    const reference = schema['$dynamicRef'];
    if (this.#dialect !== '2020-12' || typeof reference !== 'string') return prepared;
    const { allOf = [] } = prepared;
    return { ...prepared, allOf: [...(isList(allOf) ? allOf : []), { $ref: this.#reference(reference) }] };
  }

  #held(value: Json, holds: string): Json {
    if (isList(value) && holds.endsWith('list')) return value.map((schema) => this.schema(schema));
    if (isMembers(value) && holds.startsWith('map')) {
      return Object.fromEntries(
        Object.entries(value).map(([name, schema]) => [name, isList(schema) ? schema : this.schema(schema)]),
      );
    }
    return this.schema(value);
  }

  #reference(text: string): string {
    const reference = readReference(text, '', '');
    if ('code' in reference) throw new Error('A schema is linted before it is prepared.');
    const { registered, place } = reference;
    const key = registered && this.source.others[`${registered.name}:${registered.version}`];
    const target = registered === null ? this.source : this.bundle.find((schema) => schema.key === key);
    if (!target) throw new Error('A bundle has everything that its schemas refer to.');
    const pointer = place.startsWith('#') ? placeOfAnchor(target, place) : place;
    return `${addressOf(target.key)}#${this.#moved(pointer)}`;
  }

  /** Where a place has gone: schemas that tolerate secrets have their keywords one step deeper. */
  #moved(place: string): string {
    const steps = stepsOf(place);
    const moved = this.secrets === 'some' ? deeper(steps, this.#dialect) : steps;
    return moved.map((step) => memberAt('', encodeURIComponent(step))).join('');
  }
}

const places = new WeakMap<SchemaText, LintedSchema['places']>();

/** The engine does not know anchors at the top, so that all of them are taken for the places that they mean. */
function placeOfAnchor(schema: SchemaText, anchor: string): string {
  const known = places.get(schema) ?? lintSchema(JSON.parse(schema.text) as Json).places;
  places.set(schema, known);
  return known.get(anchor) ?? '';
}

/** Each keyword on the way has its schema's `else` before it; what follows a map or a list is a name in it. */
function deeper(steps: readonly string[], dialect: Dialect): string[] {
  const moved: string[] = [];
  for (let index = 0; index < steps.length; index += 1) {
    const keyword = steps[index] ?? '';
    moved.push('else', keyword);
    const holds = APPLICATORS[dialect].get(keyword)?.holds ?? 'schema';
    const isNamed = holds === 'schema-or-list' ? /^\d+$/.test(steps[index + 1] ?? '') : holds !== 'schema';
    if (isNamed && index + 1 < steps.length) moved.push(steps[(index += 1)] ?? '');
  }
  return moved;
}
