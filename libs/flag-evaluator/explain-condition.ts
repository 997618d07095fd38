import { attributeReader } from './attribute.js';
import { callerKey } from './bucketing-key.js';
import { predicateOf } from './condition.js';
import type { AttributeCondition } from './condition.js';
import type { Condition } from './definition.js';
import type { Circumstances, Evaluation, EvaluationContext, TraceStep } from './evaluation.js';
import type { FlagNode } from './flag-node.js';
import { jsonEqual } from './json.js';
import { ReferenceCycle } from './scope.js';
import type { Scope } from './scope.js';
import type { SegmentNode } from './segment-node.js';
import { shown, worded } from './trace.js';
import type { Trace } from './trace.js';

/** A flag or a segment, with the scope in which its own references are found. */
export interface Found<Node> {
  readonly node: Node;
  readonly scope: NodeScope;
}

/** A scope that can be looked into. */
export interface NodeScope extends Scope {
  findFlag(name: string): Found<FlagNode> | undefined;
  findSegment(name: string): Found<SegmentNode> | undefined;
}

/** Where in the web of references a step is taken. */
export interface Place {
  readonly scope: NodeScope;
  readonly depth: number;
}

/** What is the same for a whole explanation. */
export interface Explaining {
  readonly context: EvaluationContext;
  readonly at: Circumstances;
  readonly trace: Trace;
  /** Null while it is still being found out. */
  readonly segments: Map<SegmentNode, boolean | null>;
  /** Explains another flag. */
  flag(found: Found<FlagNode>, depth: number): Evaluation;
}

type Verdict = readonly [step: TraceStep, holds: boolean];

const inside = ({ scope, depth }: Place): Place => ({ scope, depth: depth + 1 });

/** Takes a step whose outcome depends on steps inside of it. */
function around(explaining: Explaining, opening: TraceStep, work: () => Verdict): boolean {
  return explaining.trace.around(opening, work);
}

function explainAttribute(condition: AttributeCondition, place: Place, explaining: Explaining): boolean {
  const { attribute, operator, value } = condition;
  const read: unknown = attributeReader(attribute)(explaining.context);
  const holds = predicateOf(condition)(explaining.context, explaining.at, place.scope);
  const actual = shown(read);
  const has = read === undefined ? `the context has no "${attribute}"` : `"${attribute}" is ${worded(read)}`;
  const asked = value === undefined ? operator : `${operator} ${worded(value)}`;
  explaining.trace.add({
    step: 'condition',
    outcome: holds ? 'matched' : 'not_matched',
    detail: `${holds ? 'Holds' : 'Does not hold'}: ${has}, asked for ${asked}.`,
    attribute,
    operator,
    ...(value === undefined ? {} : { expected: value }),
    ...(actual === undefined ? {} : { actual }),
    depth: place.depth,
  });
  return holds;
}

/** Stops at the first that decides, as evaluating does. */
function holdsInTurn(
  conditions: readonly Condition[],
  decisive: 'any' | 'all',
  place: Place,
  explaining: Explaining,
): boolean {
  const enough = decisive === 'any';
  for (const condition of conditions)
    if (explainCondition(condition, place, explaining) === enough) return enough;
  return !enough;
}

function explainGroup(
  conditions: readonly Condition[],
  decisive: 'any' | 'all',
  place: Place,
  explaining: Explaining,
): boolean {
  const detail = decisive === 'any' ? 'One of these has to hold.' : 'All of these have to hold.';
  const opening: TraceStep = { step: 'condition', outcome: 'failed', detail, depth: place.depth };
  return around(explaining, opening, () => {
    const holds = holdsInTurn(conditions, decisive, inside(place), explaining);
    return [{ ...opening, outcome: holds ? 'matched' : 'not_matched' }, holds];
  });
}

function explainNot(condition: Condition, place: Place, explaining: Explaining): boolean {
  const detail = 'What follows must not hold.';
  const opening: TraceStep = { step: 'condition', outcome: 'failed', detail, depth: place.depth };
  return around(explaining, opening, () => {
    const holds = !explainCondition(condition, inside(place), explaining);
    return [{ ...opening, outcome: holds ? 'matched' : 'not_matched' }, holds];
  });
}

/** Why a caller is in a segment or not, apart from its conditions; null when these have to tell. */
function byKey({ include, exclude, definition }: SegmentNode, key: string): [boolean, string] | null {
  if (key !== '' && exclude.has(key)) return [false, `excludes ${worded(key)}`];
  if (key !== '' && include.has(key)) return [true, `includes ${worded(key)}`];
  return definition.conditions.length === 0
    ? [false, 'lists the caller nowhere and has no conditions']
    : null;
}

function explainMembership(
  { node, scope }: Found<SegmentNode>,
  depth: number,
  explaining: Explaining,
): Verdict {
  const { name, definition } = node;
  const listed = byKey(node, callerKey(explaining.context));
  const holds = listed?.[0] ?? explainAll(definition.conditions, { scope, depth: depth + 1 }, explaining);
  const why = listed?.[1] ?? (holds ? 'has the caller by its conditions' : 'has conditions that do not hold');
  return [
    {
      step: 'segment',
      outcome: holds ? 'matched' : 'not_matched',
      detail: `The segment "${name}" ${why}.`,
      depth,
    },
    holds,
  ];
}

function explainSegment(name: string, { scope, depth }: Place, explaining: Explaining): boolean {
  const { trace, segments } = explaining;
  const opening: TraceStep = { step: 'segment', outcome: 'failed', detail: `The segment "${name}".`, depth };
  const found = scope.findSegment(name);
  if (found === undefined) {
    trace.add({ ...opening, outcome: 'not_matched', detail: `There is no segment "${name}".` });
    return false;
  }
  const known = segments.get(found.node);
  if (known === null) throw new ReferenceCycle();
  if (known !== undefined) {
    trace.add({
      ...opening,
      outcome: known ? 'matched' : 'not_matched',
      detail: `The segment "${name}": as above.`,
    });
    return known;
  }
  segments.set(found.node, null);
  const holds = around(explaining, opening, () => explainMembership(found, depth, explaining));
  segments.set(found.node, holds);
  return holds;
}

function explainFlagCondition(
  { flag, equals }: Extract<Condition, { readonly flag: string }>,
  { scope, depth }: Place,
  explaining: Explaining,
): boolean {
  const opening: TraceStep = { step: 'condition', outcome: 'failed', detail: `The flag "${flag}".`, depth };
  const found = scope.findFlag(flag);
  if (found === undefined) {
    explaining.trace.add({ ...opening, outcome: 'not_matched', detail: `There is no flag "${flag}".` });
    return false;
  }
  return around(explaining, opening, () => {
    const { value } = explaining.flag(found, depth + 1);
    const holds = jsonEqual(value, equals);
    const detail = `The flag "${flag}" serves ${worded(value)}, asked for ${worded(equals)}.`;
    return [
      { ...opening, outcome: holds ? 'matched' : 'not_matched', detail, expected: equals, actual: value },
      holds,
    ];
  });
}

/** All of the conditions, without a step for the group. */
export const explainAll = (conditions: readonly Condition[], place: Place, explaining: Explaining): boolean =>
  holdsInTurn(conditions, 'all', place, explaining);

function explainCondition(condition: Condition, place: Place, explaining: Explaining): boolean {
  if ('attribute' in condition) return explainAttribute(condition, place, explaining);
  if ('any' in condition) return explainGroup(condition.any, 'any', place, explaining);
  if ('all' in condition) return explainGroup(condition.all, 'all', place, explaining);
  if ('not' in condition) return explainNot(condition.not, place, explaining);
  if ('segment' in condition) return explainSegment(condition.segment, place, explaining);
  return explainFlagCondition(condition, place, explaining);
}
