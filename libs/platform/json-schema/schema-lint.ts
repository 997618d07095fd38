import type { Violation } from '#shared-kernel';
import { isMembers, memberAt } from './json.js';
import type { Json, JsonMembers } from './json.js';
import { DIALECTS } from './keywords.js';
import type { Dialect } from './keywords.js';
import { circlesIn } from './in-place.js';
import { checkReferences, readReference } from './references.js';
import type { Reference } from './references.js';
import { subschemasOf } from './subschemas.js';
import type { Subschema } from './subschemas.js';

/** Of the text of a schema, in UTF-8. */
export const SCHEMA_BYTES_MAX = 256 * 1024;
/** How far values may lie inside of each other. */
export const SCHEMA_DEPTH_MAX = 64;
/** Of the JSON Pointer to any value, in characters: each schema is known by its own. */
export const SCHEMA_POINTER_MAX = 2_000;
export const SUBSCHEMAS_MAX = 5_000;
const VIOLATIONS_MAX = 100;

/** A regular expression in a schema, and where it stands. */
export interface PlacedPattern {
  readonly pointer: string;
  readonly pattern: string;
}

/** What was found in a schema without running anything of it. Pointers begin at its root. */
export interface LintedSchema {
  readonly dialect: Dialect;
  /** As `JSON.stringify` gives it; empty where it is too deep for that. */
  readonly text: string;
  /** False where it is too large or too deep to be looked into, or in no language that is known. */
  readonly isReadable: boolean;
  readonly violations: readonly Violation[];
  readonly patterns: readonly PlacedPattern[];
  readonly references: readonly Reference[];
  /** What can be referred to, a JSON Pointer or an anchor as `#name`, and the schema that it means. */
  readonly places: ReadonlyMap<string, string>;
}

/** Reads a schema that nobody vouches for, in time that grows with its size alone: no recursion, and nothing compiled. */
export function lintSchema(schema: Json): LintedSchema {
  const lint = new Lint();
  const text = lint.measure(schema);
  const dialect = lint.dialectOf(schema);
  const isWithinLimits = lint.violations.length === 0;
  if (isWithinLimits) lint.walk(schema, dialect);
  const { patterns, references, places } = lint;
  const violations = lint.violations.slice(0, VIOLATIONS_MAX);
  const isReadable = isWithinLimits && !lint.hasTooMany;
  return { dialect, text, isReadable, violations, patterns, references, places };
}

/** What is needed of a schema to check documents against it, where somebody vouches for it: nothing of it is looked into. */
export function admittedSchema(schema: Json): Pick<LintedSchema, 'dialect' | 'text'> {
  return { dialect: new Lint().dialectOf(schema), text: JSON.stringify(schema) };
}

class Lint {
  readonly violations: Violation[] = [];
  readonly patterns: PlacedPattern[] = [];
  readonly references: Reference[] = [];
  readonly places = new Map<string, string>();
  hasTooMany = false;
  readonly #all: Subschema[] = [];

  report(code: string, pointer: string, detail: string): void {
    this.violations.push({ pointer, code, detail });
  }

  /** The text of a schema that is not too deep and not too large. */
  measure(schema: Json): string {
    const far = farIn(schema);
    if (far !== null) {
      this.report(far.code, far.pointer, far.detail);
      return '';
    }
    const text = JSON.stringify(schema);
    if (Buffer.byteLength(text) > SCHEMA_BYTES_MAX) {
      this.report('schema_too_large', '', `A schema has at most ${SCHEMA_BYTES_MAX / 1024} KiB.`);
    }
    return text;
  }

  dialectOf(schema: Json): Dialect {
    const said = isMembers(schema) ? schema['$schema'] : undefined;
    if (said === undefined) return '2020-12';
    const dialect = typeof said === 'string' ? DIALECTS.get(said.replace(/#$/, '')) : undefined;
    if (dialect === undefined) {
      this.report('dialect_unknown', '/$schema', `It is one of ${[...DIALECTS.keys()].join(', ')}.`);
    }
    return dialect ?? '2020-12';
  }

  walk(schema: Json, dialect: Dialect): void {
    for (const subschema of subschemasOf(schema, dialect)) {
      this.#all.push(subschema);
      if (this.#all.length > SUBSCHEMAS_MAX) {
        this.hasTooMany = true;
        this.report('too_many_subschemas', '', `A schema holds at most ${SUBSCHEMAS_MAX} others.`);
        return;
      }
      this.places.set(subschema.pointer, subschema.pointer);
      if (isMembers(subschema.schema)) this.#read(subschema.schema, subschema.pointer, dialect);
    }
    const own = this.references.filter(({ registered }) => registered === null);
    this.violations.push(...checkReferences(own, this.places));
    this.violations.push(...circlesIn(this.#all, own, this.places));
  }

  #read(schema: JsonMembers, pointer: string, dialect: Dialect): void {
    this.#readNames(schema, pointer);
    this.#readIdentity(schema, pointer, dialect);
    this.#readPatterns(schema, pointer);
    const keywords = dialect === 'draft-07' ? ['$ref'] : ['$ref', '$dynamicRef'];
    for (const keyword of keywords) {
      const value = schema[keyword];
      if (typeof value !== 'string') continue; // The metaschema tells.
      const reference = readReference(value, memberAt(pointer, keyword), pointer);
      if ('code' in reference) this.violations.push(reference);
      else this.references.push(reference);
    }
  }

  /** What the engine cannot look for: in JavaScript every object seems to have it. */
  #readNames(schema: JsonMembers, pointer: string): void {
    for (const keyword of ['properties', 'patternProperties', 'dependentSchemas', 'dependencies']) {
      const map = schema[keyword];
      if (!isMembers(map) || !Object.hasOwn(map, '__proto__')) continue;
      const place = memberAt(memberAt(pointer, keyword), '__proto__');
      this.report('forbidden_key', place, 'This name is refused, because it reaches for a prototype.');
    }
  }

  #readIdentity(schema: JsonMembers, pointer: string, dialect: Dialect): void {
    const id = schema['$id'];
    const isAnchor = dialect === 'draft-07' && typeof id === 'string' && /^#./.test(id);
    for (const keyword of ['$id', '$schema']) {
      if (pointer === '' || schema[keyword] === undefined || (keyword === '$id' && isAnchor)) continue;
      const place = memberAt(pointer, keyword);
      this.report('embedded_schema', place, 'Only the whole schema says this, none that is inside of it.');
    }
    const anchors = dialect === 'draft-07' ? ['$id'] : ['$anchor', '$dynamicAnchor'];
    for (const keyword of anchors) {
      const value = schema[keyword];
      if (typeof value !== 'string' || (keyword === '$id' && !isAnchor)) continue;
      const name = keyword === '$id' ? value : `#${value}`;
      if (this.places.has(name)) {
        this.report('anchor_taken', memberAt(pointer, keyword), 'Another schema in here has this name.');
      }
      this.places.set(name, pointer);
    }
  }

  #readPatterns(schema: JsonMembers, pointer: string): void {
    const { pattern, patternProperties } = schema;
    if (typeof pattern === 'string') this.patterns.push({ pointer: memberAt(pointer, 'pattern'), pattern });
    if (!isMembers(patternProperties)) return;
    const place = memberAt(pointer, 'patternProperties');
    for (const name of Object.keys(patternProperties)) {
      this.patterns.push({ pointer: memberAt(place, name), pattern: name });
    }
  }
}

/** The first value that is too deep, or holds one whose place is too long to be told; else null. */
function farIn(root: Json): Violation | null {
  const open: { value: Json; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > SCHEMA_DEPTH_MAX) return tooDeep(pointer);
    for (const [name, inside] of Object.entries(value)) {
      const place = memberAt(pointer, name);
      if (place.length > SCHEMA_POINTER_MAX) return tooLong(pointer);
      open.push({ value: inside as Json, pointer: place, depth: depth + 1 });
    }
  }
  return null;
}

const tooDeep = (pointer: string): Violation => ({
  pointer,
  code: 'schema_too_deep',
  detail: `A schema has at most ${SCHEMA_DEPTH_MAX} levels.`,
});

const tooLong = (pointer: string): Violation => ({
  pointer,
  code: 'pointer_too_long',
  detail: `The JSON Pointer to each value in a schema has at most ${SCHEMA_POINTER_MAX} characters.`,
});
