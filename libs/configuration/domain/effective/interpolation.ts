import { pointerStep } from '../dotted-path.js';
import { isJsonArray, isJsonObject, setMember } from '../json.js';
import type { JsonObject, JsonValue } from '../json.js';
import { isSecretLeaf, readSecretReference } from '../secret-reference.js';
import type { EffectiveProblem } from './effective-documents.js';
import { HEIGHT_MAX, ReferenceGraph } from './reference-graph.js';
import type { Branch, Node, RawDocument, Target, TextNode } from './reference-graph.js';
import { MALFORMED, written } from './references.js';
import type { Reference } from './references.js';

/** How much texts with references may become in the documents of a place, in characters. */
export const TEXT_MAX = 2 ** 20;

/** A text that a secret is part of: texts as they are, and what stands for secrets. */
interface OpenText {
  /** JSON Pointer from where it is told. */
  readonly pointer: string;
  readonly parts: readonly (string | JsonObject)[];
}

/** What becomes of a value when its references are followed. */
interface Outcome {
  readonly value: JsonValue;
  readonly openTexts: readonly OpenText[];
}

interface Settled extends Outcome {
  /** About as long as its JSON. */
  readonly size: number;
  /** How many references follow on each other in it. */
  readonly height: number;
  /** Why a text in it stays as it is. */
  readonly failure: Failure | null;
}

type Failure = Pick<EffectiveProblem, 'code' | 'detail'>;
type Problem = Failure & Pick<EffectiveProblem, 'name' | 'pointer'>;

/** Documents whose references were followed. */
export interface Interpolated {
  /** In the order of the documents. */
  readonly values: readonly JsonObject[];
  readonly openTexts: readonly (OpenText & { readonly name: string })[];
  readonly problems: readonly Problem[];
}

/**
 * Follows the references in documents. A text whose references cannot all be followed stays as it is, and so does one that
 * refers to it: each with a problem. The work grows with the size of the documents, and ends as soon as references have
 * brought in too much.
 */
export function interpolate(documents: readonly RawDocument[]): Interpolated {
  const interpolation = new Interpolation(new ReferenceGraph(documents));
  interpolation.settleAll();
  return interpolation.finish(documents);
}

class Interpolation {
  readonly #settled = new Map<Node, Settled>();
  readonly #sizes = new Map<object, number>();
  readonly #problems: Problem[] = [];
  #size = 0;

  constructor(private readonly graph: ReferenceGraph) {}

  /** What nothing else has to be known for comes first; what waits for itself never comes. */
  settleAll(): void {
    const { nodes } = this.graph;
    const ready = nodes.filter(({ waitsFor }) => waitsFor === 0);
    for (const node of ready) {
      const settled = node.kind === 'text' ? this.#settleText(node) : this.#settleBranch(node.value);
      if (!settled) return; // Too much already: the rest stays as it is.
      this.#settled.set(node, settled);
      for (const waiting of node.awaitedBy) {
        waiting.waitsFor -= 1;
        if (waiting.waitsFor === 0) ready.push(waiting);
      }
    }
    for (const node of this.graph.texts) {
      if (!this.#settled.has(node)) this.#fail(node, CYCLE);
    }
  }

  finish(documents: readonly RawDocument[]): Interpolated {
    const openTexts: (OpenText & { name: string })[] = [];
    const values = documents.map(({ name, values: raw }) => {
      const outcome = this.#outcomeOf(raw);
      for (const text of outcome.openTexts) openTexts.push({ ...text, name });
      return isJsonObject(outcome.value) ? outcome.value : raw;
    });
    return { values, openTexts, problems: this.#problems };
  }

  /** Null when there would be too much text. */
  #settleText(node: TextNode): Settled | null {
    const pieces = this.#piecesOf(node);
    if ('code' in pieces) return this.#fail(node, pieces);
    const size = sum(pieces.map((piece) => piece.size));
    this.#size += size * node.places.length;
    if (this.#size > TEXT_MAX) {
      for (const place of node.places.slice(0, 1)) this.#problems.push({ ...place, ...TOO_LARGE });
      return null;
    }
    const height = Math.max(...pieces.map((piece) => piece.height));
    if (height > HEIGHT_MAX) return this.#fail(node, TOO_DEEP);
    const [first] = pieces;
    const { value, openTexts } = first && pieces.length === 1 ? first : joined(node.text, pieces);
    return { value, openTexts, size, height, failure: null };
  }

  /** What the parts of a text become, or why they become nothing. */
  #piecesOf({ parts, targets }: TextNode): Settled[] | Failure {
    if (!parts) return { code: 'reference_unknown', detail: MALFORMED };
    const pieces: Settled[] = [];
    for (const part of parts) {
      const piece = typeof part === 'string' ? literal(part) : this.#taken(part, targets.get(part));
      if ('code' in piece) return piece;
      if (typeof part === 'object' && parts.length > 1 && !partsFrom(piece)) {
        return { code: 'reference_not_text', detail: `${written(part)} is no text, number or boolean.` };
      }
      pieces.push(piece);
    }
    return pieces;
  }

  #taken(reference: Reference, target: Target | undefined): Settled | Failure {
    if (!target || 'problem' in target) {
      if (target?.problem === 'reference_too_deep') return TOO_DEEP;
      return { code: 'reference_unknown', detail: `There is nothing at ${written(reference)}.` };
    }
    const taken = this.#settledOf(target.value);
    const all = [...target.through.map(({ text }) => this.#settledOf(text)), taken];
    const failure = all.find((each) => each.failure)?.failure;
    if (failure) return { ...failure, detail: `${written(reference)} leads to what cannot be followed.` };
    return { ...taken, height: 1 + Math.max(...all.map(({ height }) => height)) };
  }

  #settleBranch(value: Branch): Settled {
    const members: [string, Settled][] = Object.entries(value).map(([step, member]: [string, JsonValue]) => [
      step,
      this.#settledOf(member),
    ]);
    const inside = members.map(([, settled]) => settled);
    return {
      ...gathered(value, members),
      size: sum(inside.map(({ size }) => size)) + sum(members.map(([step]) => step.length + MARKS)),
      height: Math.max(...inside.map(({ height }) => height)),
      failure: inside.find(({ failure }) => failure)?.failure ?? null,
    };
  }

  /** Of what is settled already, or has nothing to settle. */
  #settledOf(value: JsonValue): Settled {
    const node = this.graph.nodeOf(value);
    const settled = node && this.#settled.get(node);
    return settled ?? { value, openTexts: [], size: this.#sizeOf(value), height: 0, failure: null };
  }

  #outcomeOf(value: JsonValue): Outcome {
    const node = this.graph.nodeOf(value);
    const settled = node && this.#settled.get(node);
    if (settled) return settled;
    if (node?.kind !== 'branch') return { value, openTexts: [] };
    return gathered(
      node.value,
      Object.entries(node.value).map(([step, member]: [string, JsonValue]) => [
        step,
        this.#outcomeOf(member),
      ]),
    );
  }

  #fail(node: TextNode, failure: Failure): Settled {
    for (const place of node.places) this.#problems.push({ ...place, ...failure });
    return { value: node.text, openTexts: [], size: node.text.length, height: 0, failure };
  }

  #sizeOf(value: JsonValue): number {
    if (typeof value !== 'object' || value === null) return String(value).length + MARKS;
    let size = this.#sizes.get(value);
    if (size === undefined) {
      size = MARKS;
      for (const [step, member] of Object.entries(value) as [string, JsonValue][]) {
        size += step.length + MARKS + this.#sizeOf(member);
      }
      this.#sizes.set(value, size);
    }
    return size;
  }
}

/** Quotes, commas and the like around each. */
const MARKS = 2;
const CYCLE: Failure = { code: 'reference_cycle', detail: 'What it refers to leads back to itself.' };
const TOO_DEEP: Failure = {
  code: 'reference_too_deep',
  detail: `More than ${HEIGHT_MAX} references follow on each other.`,
};
const TOO_LARGE: Failure = {
  code: 'result_too_large',
  detail: `References bring more than ${TEXT_MAX} characters into the documents.`,
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const literal = (text: string): Settled => ({
  value: text,
  openTexts: [],
  size: text.length,
  height: 0,
  failure: null,
});

/** The text that the pieces make, or as long as there are secrets in it, the text as it is written. */
function joined(text: string, pieces: readonly Settled[]): Outcome {
  const parts = pieces.flatMap((piece) => partsFrom(piece) ?? []);
  return parts.every((part) => typeof part === 'string')
    ? { value: parts.join(''), openTexts: [] }
    : { value: text, openTexts: [{ pointer: '', parts }] };
}

/** What a piece adds to a longer text; null when it cannot be part of one. */
function partsFrom({ value, openTexts }: Outcome): OpenText['parts'] | null {
  if (typeof value === 'string') return openTexts[0]?.parts ?? [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  return isSecretLeaf(value) && readSecretReference(value, '').reference ? [value] : null;
}

/** A branch with what became of its members; itself when nothing did. */
function gathered(branch: Branch, members: readonly (readonly [string, Outcome])[]): Outcome {
  const openTexts = members.flatMap(([step, { openTexts: inside }]) =>
    inside.map(({ pointer, parts }) => ({ pointer: pointerStep(step) + pointer, parts })),
  );
  if (isJsonArray(branch)) return { value: members.map(([, { value }]) => value), openTexts };
  const value: Record<string, JsonValue> = {};
  for (const [step, member] of members) setMember(value, step, member.value);
  return { value, openTexts };
}
