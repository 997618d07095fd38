import type { Violation } from '#shared-kernel';
import type { Compatibility } from './config-schema.js';
import { isJsonObject } from './json.js';
import type { JsonValue } from './json.js';
import { COMPARED, promises } from './schema-compatibility-assertions.js';
import { conjunctsOf, effortOf, isSame, nodeAt, premisesOf, rootOf } from './schema-compatibility-node.js';
import type { SchemaDocument, SchemaNode } from './schema-compatibility-node.js';
import { ofAdditional, ofItems, ofPattern, ofProperties } from './schema-compatibility-shapes.js';
import type { Inclusion } from './schema-compatibility-shapes.js';
import { kindsOf, membersOf } from './schema-compatibility-types.js';
import type { Kind } from './schema-compatibility-types.js';

/** In keywords and listed values that are looked at: a fraction of a second. */
const EFFORT_MAX = 200_000;
const DEPTH_MAX = 200;
const TOLD_MAX = 100;

/**
 * What stands against a newer schema. Backward: whatever the older one allows, the newer one allows, too; forward: the
 * other way round; full: both. No objection is a proof; an objection with the code `undecided` is the lack of one: then the
 * two differ in a way that is not compared, for example in `not` or in `oneOf` whose branches overlap. The pointer is in
 * the schema that asks for more: the newer one, unless the detail names the older.
 */
export function objectionsTo(older: SchemaDocument, newer: SchemaDocument, mode: Compatibility): Violation[] {
  const backward = mode === 'backward' || mode === 'full' ? new Comparison('newer').run(older, newer) : [];
  const forward = mode === 'forward' || mode === 'full' ? new Comparison('older').run(newer, older) : [];
  return [...backward, ...forward].slice(0, TOLD_MAX);
}

/** Ends a comparison from the inside. */
class TooMuchToCompare extends Error {}

type Verdict = readonly Violation[];
const YES: Verdict = [];

class Comparison {
  /** Pairs that were compared, or are being compared: what leads back to them ends with the document. */
  readonly #known = new Map<JsonValue, Map<string, Verdict>>();
  readonly #assumed: (readonly [Map<string, Verdict>, string])[] = [];
  readonly #ids = new Map<JsonValue, number>();
  #left = EFFORT_MAX;

  constructor(private readonly asking: 'newer' | 'older') {}

  run(of: SchemaDocument, inDocument: SchemaDocument): Verdict {
    const asked = rootOf(inDocument);
    try {
      return this.#includes({ of: [rootOf(of)], in: asked }, 0);
    } catch (error) {
      if (!(error instanceof TooMuchToCompare)) throw error;
      return [this.#undecided(asked)];
    }
  }

  #includes(inclusion: Inclusion, depth: number): Verdict {
    const { of, in: asked } = inclusion;
    if (asked.schema === true || of.some((node) => isSame(node, asked))) return YES;
    const key = of.map(({ schema }) => this.#idOf(schema)).join(' ');
    const known = this.#known.get(asked.schema)?.get(key);
    if (known && typeof asked.schema === 'object') return known;
    const pairs = this.#known.get(asked.schema) ?? new Map<string, Verdict>();
    this.#known.set(asked.schema, pairs);
    pairs.set(key, YES);
    const before = this.#assumed.push([pairs, key]);
    const verdict = this.#compare(inclusion, depth);
    if (verdict.length > 0) this.#forgetSince(before);
    pairs.set(key, verdict);
    return verdict;
  }

  /** What was found right while it was assumed that this is may be wrong. */
  #forgetSince(index: number): void {
    for (const [pairs, key] of this.#assumed.splice(index)) pairs.delete(key);
  }

  #compare({ of, in: asked }: Inclusion, depth: number): Verdict {
    const conjuncts = premisesOf(of);
    const wanted = conjunctsOf([asked]);
    if (!conjuncts || !wanted) return [this.#undecided(asked)];
    this.#left -= effortOf(conjuncts) * effortOf(wanted);
    if (this.#left < 0 || depth > DEPTH_MAX) throw new TooMuchToCompare();
    if (kindsOf(conjuncts).size === 0) return YES; // Nothing satisfies them.
    return wanted.flatMap((node) => this.#satisfies(conjuncts, node, depth)).slice(0, TOLD_MAX);
  }

  /** Of one schema without references. */
  #satisfies(conjuncts: readonly SchemaNode[], asked: SchemaNode, depth: number): Verdict {
    const { schema } = asked;
    if (!isJsonObject(schema)) return schema === true ? YES : [this.#incompatible(asked)];
    if (conjuncts.some((node) => isSame(node, asked))) return YES;
    return Object.entries(schema).flatMap(([keyword, value]) => {
      if (!isCompared(keyword, asked.document.dialect)) return [];
      if (conjuncts.some((node) => saysTheSame(node, asked, keyword))) return [];
      if (COMPARED.has(keyword)) {
        return promises(conjuncts, keyword, value) ? [] : [this.#incompatible(nodeAt(asked, keyword))];
      }
      return FOR_EACH.has(keyword) && !asksForEach(asked, keyword)
        ? []
        : this.#applies(conjuncts, asked, { keyword, depth: depth + 1 });
    });
  }

  #applies(
    conjuncts: readonly SchemaNode[],
    asked: SchemaNode,
    { keyword, depth }: { keyword: string; depth: number },
  ): Verdict {
    const kinds = kindsOf(conjuncts);
    if (OF_OBJECTS.has(keyword) && !kinds.has('object')) return YES;
    if (OF_LISTS.has(keyword) && !kinds.has('array')) return YES;
    const all = (inclusions: readonly Inclusion[]): Verdict =>
      inclusions.flatMap((inclusion) => this.#includes(inclusion, depth));
    switch (keyword) {
      case 'properties':
        return all(ofProperties(conjuncts, asked));
      case 'additionalProperties': {
        const ways = ofAdditional(conjuncts, asked);
        return [...all(ways.all), ...this.#any(ways.any, { depth, asked: null })];
      }
      case 'patternProperties':
        return Object.keys(membersOf(asked.schema, keyword)).flatMap((pattern) =>
          this.#any(
            ofPattern(conjuncts, asked, pattern).map((way) => [way]),
            { depth, asked: null },
          ),
        );
      case 'items':
        return all(ofItems(conjuncts, asked));
      case 'prefixItems':
        return asksForEach(asked, 'items') ? YES : all(ofItems(conjuncts, asked)); // Then they were compared with it.
      case 'propertyNames':
      case 'not':
      case 'anyOf':
      case 'oneOf':
        return this.#together(conjuncts, asked, { keyword, depth });
      default:
        return [this.#undecided(nodeAt(asked, keyword))];
    }
  }

  #together(
    conjuncts: readonly SchemaNode[],
    asked: SchemaNode,
    { keyword, depth }: { keyword: string; depth: number },
  ): Verdict {
    const wanted = nodeAt(asked, keyword);
    const saying = conjuncts.filter((node) => has(node, keyword)).map((node) => nodeAt(node, keyword));
    if (keyword === 'propertyNames') {
      return this.#any(
        saying.map((node) => [{ of: [node], in: wanted }]),
        { depth, asked: wanted },
      );
    }
    if (keyword === 'not') {
      const refused = conjunctsOf([wanted]);
      const isApart = refused !== null && areApart(kindsOf(refused), kindsOf(conjuncts));
      const ways = saying.map((node) => [{ of: [wanted], in: node }]);
      return isApart ? YES : this.#any(ways, { depth, asked: wanted });
    }
    const branches = branchesOf(asked, keyword);
    if (keyword === 'oneOf' && !this.#areApart(branches)) return [this.#undecided(wanted)];
    return this.#isInOne(conjuncts, branches, { wanted, depth });
  }

  /** Case by case: by the branches that are known already, else by the kinds of values. */
  #isInOne(
    conjuncts: readonly SchemaNode[],
    branches: readonly SchemaNode[],
    { wanted, depth }: { wanted: SchemaNode; depth: number },
  ): Verdict {
    const split =
      conjuncts.find((node) => has(node, 'anyOf')) ?? conjuncts.find((node) => has(node, 'oneOf'));
    const keyword = split && has(split, 'anyOf') ? 'anyOf' : 'oneOf';
    const cases = split
      ? branchesOf(split, keyword).map((branch) => [
          ...conjuncts.filter((node) => node !== split),
          without(split, keyword),
          branch,
        ])
      : [...kindsOf(conjuncts)].map((kind) => [...conjuncts, ofKind(kind, wanted)]);
    const isProved = cases.every((one) =>
      branches.some((branch) => this.#includes({ of: one, in: branch }, depth).length === 0),
    );
    return isProved ? YES : [this.#undecided(wanted)];
  }

  #areApart(branches: readonly SchemaNode[]): boolean {
    const kinds = branches.map((branch) => kindsOf(conjunctsOf([branch]) ?? []));
    return kinds.every((one, index) => kinds.slice(index + 1).every((other) => areApart(one, other)));
  }

  /** One way to show it is enough. Without one it is told of what nothing is known; null: of the first way. */
  #any(
    ways: readonly (readonly Inclusion[])[],
    { depth, asked }: { depth: number; asked: SchemaNode | null },
  ): Verdict {
    const verdicts: Verdict[] = [];
    for (const way of ways) {
      const verdict = way.flatMap((inclusion) => this.#includes(inclusion, depth));
      if (verdict.length === 0) return YES;
      verdicts.push(verdict);
    }
    return asked === null ? (verdicts[0] ?? YES) : [this.#undecided(asked)];
  }

  #idOf(schema: JsonValue): number {
    const known = this.#ids.get(schema) ?? this.#ids.size;
    this.#ids.set(schema, known);
    return known;
  }

  #incompatible = ({ pointer }: SchemaNode): Violation => ({
    pointer,
    code: 'incompatible',
    detail: `The ${this.asking} version alone asks for this.`,
  });

  #undecided = ({ pointer }: SchemaNode): Violation => ({
    pointer,
    code: 'undecided',
    detail: `The ${this.asking} version asks for this; whether the other one does is not known.`,
  });
}

const OF_OBJECTS = new Set([
  ...['properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'dependentSchemas'],
  ...['dependencies', 'unevaluatedProperties'],
]);
const OF_LISTS = new Set(['items', 'prefixItems', 'contains', 'unevaluatedItems']);
const OF_BOTH = [
  ...COMPARED,
  ...['properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'items', 'contains'],
  ...['if', 'not', 'anyOf', 'oneOf'],
];
const BY_DIALECT = {
  '2020-12': new Set([
    ...OF_BOTH,
    ...['prefixItems', 'dependentSchemas', 'unevaluatedItems', 'unevaluatedProperties', '$dynamicRef'],
  ]),
  'draft-07': new Set([...OF_BOTH.filter((keyword) => keyword !== 'dependentRequired'), 'dependencies']),
};

/** Whatever else is there says nothing of values, or belongs to a keyword that is compared. */
const isCompared = (keyword: string, dialect: SchemaDocument['dialect']): boolean =>
  BY_DIALECT[dialect].has(keyword);

/** They hold one schema for any number of values. */
const FOR_EACH = new Set([
  ...['additionalProperties', 'propertyNames', 'items', 'unevaluatedProperties', 'unevaluatedItems'],
]);

/** Keywords that mean nothing without each other. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  contains: ['contains', 'minContains', 'maxContains'],
  if: ['if', 'then', 'else'],
};
/** What they ask for depends on what is beside them. */
const DEPENDENT = new Set([
  ...['additionalProperties', 'items', 'unevaluatedItems', 'unevaluatedProperties', '$dynamicRef'],
]);

const saysTheSame = (node: SchemaNode, asked: SchemaNode, keyword: string): boolean =>
  !DEPENDENT.has(keyword) &&
  (TOGETHER[keyword] ?? [keyword]).every(
    (part) => has(node, part) === has(asked, part) && isSame(nodeAt(node, part), nodeAt(asked, part)),
  );

const has = ({ schema }: SchemaNode, keyword: string): boolean =>
  isJsonObject(schema) && schema[keyword] !== undefined;

/** True when a keyword that holds one schema for many values asks anything of them. */
const asksForEach = (node: SchemaNode, keyword: string): boolean =>
  has(node, keyword) && nodeAt(node, keyword).schema !== true;

function branchesOf(node: SchemaNode, keyword: string): SchemaNode[] {
  const branches = isJsonObject(node.schema) ? node.schema[keyword] : undefined;
  return Array.isArray(branches) ? branches.map((_, index) => nodeAt(node, keyword, index)) : [];
}

function without(node: SchemaNode, keyword: string): SchemaNode {
  const { [keyword]: _, ...rest } = isJsonObject(node.schema) ? node.schema : {};
  return { ...node, schema: rest };
}

const ofKind = (kind: Kind, node: SchemaNode): SchemaNode => ({
  ...node,
  schema: { type: kind === 'fraction' ? 'number' : kind },
});

const areApart = (a: ReadonlySet<Kind>, b: ReadonlySet<Kind>): boolean =>
  [...a].every((kind) => !b.has(kind));
