import { toPointer } from '../dotted-path.js';
import { isJsonArray } from '../json.js';
import type { JsonObject, JsonValue } from '../json.js';
import { isMergeable } from '../merge.js';
import { isReferring, partsOf, wholeReference } from './references.js';
import type { Reference, TextPart } from './references.js';
import { stepInto } from './value-at.js';

/** How many references may follow on each other. */
export const HEIGHT_MAX = 8;

/** What waits for others before it is settled. */
interface Waiting {
  /** For how many others it waits. */
  waitsFor: number;
  /** What waits for it. */
  readonly awaitedBy: Node[];
}

/** A text with references; it is the same wherever it stands. */
export interface TextNode extends Waiting {
  readonly kind: 'text';
  readonly text: string;
  /** Null where a reference in it is not well-formed. */
  readonly parts: readonly TextPart[] | null;
  /** Where it stands: names of documents, and JSON Pointers into them. */
  readonly places: { readonly name: string; readonly pointer: string }[];
  /** What its references lead to. */
  readonly targets: Map<Reference, Target>;
}

/** An object or a list with such texts inside. */
export interface BranchNode extends Waiting {
  readonly kind: 'branch';
  readonly value: Branch;
}

export type Node = TextNode | BranchNode;
export type Branch = JsonObject | readonly JsonValue[];

/** What a reference leads to, as it stands there, and the texts that lead on to it; or why it leads to nothing. */
export type Target =
  | { readonly value: JsonValue; readonly through: readonly TextNode[] }
  | { readonly problem: 'reference_unknown' | 'reference_too_deep' };

/** A document, and whether there are references in it. */
export interface RawDocument {
  readonly name: string;
  readonly values: JsonObject;
  readonly hasReferences: boolean;
}

/** Which texts of documents refer to what, and what has to be known before what. Made in time that grows with their size. */
export class ReferenceGraph {
  readonly #documents: ReadonlyMap<string, JsonObject>;
  readonly #texts = new Map<string, TextNode>();
  readonly #branches = new Map<Branch, BranchNode>();

  constructor(documents: readonly RawDocument[]) {
    this.#documents = new Map(documents.map(({ name, values }) => [name, values]));
    for (const { name, values, hasReferences } of documents) if (hasReferences) this.#addAll(name, values);
    for (const node of this.#texts.values()) this.#link(node);
  }

  get nodes(): Node[] {
    return [...this.#texts.values(), ...this.#branches.values()];
  }

  get texts(): Iterable<TextNode> {
    return this.#texts.values();
  }

  /** Null for what has no references in it. */
  nodeOf(value: JsonValue | undefined): Node | null {
    if (typeof value === 'string') return this.#texts.get(value) ?? null;
    return isJsonArray(value) || isMergeable(value) ? (this.#branches.get(value) ?? null) : null;
  }

  #addAll(name: string, values: JsonObject): void {
    const steps: string[] = [];
    const add = (value: JsonValue | undefined): Node | null => {
      if (typeof value === 'string') {
        return isReferring(value) ? this.#addText(value, name, toPointer(steps)) : null;
      }
      if (!isJsonArray(value) && !isMergeable(value)) return null;
      const inside = Object.entries(value).flatMap(([step, member]: [string, JsonValue]) => {
        steps.push(step);
        const node = add(member);
        steps.pop();
        return node ?? [];
      });
      return inside.length > 0 ? this.#addBranch(value, inside) : null;
    };
    add(values);
  }

  #addText(text: string, name: string, pointer: string): TextNode {
    let node = this.#texts.get(text);
    if (!node) {
      const parts = partsOf(text);
      node = { kind: 'text', text, parts, places: [], targets: new Map(), waitsFor: 0, awaitedBy: [] };
      this.#texts.set(text, node);
    }
    node.places.push({ name, pointer });
    return node;
  }

  #addBranch(value: Branch, inside: readonly Node[]): BranchNode {
    const before = this.#branches.get(value);
    if (before) return before;
    const node: BranchNode = { kind: 'branch', value, waitsFor: 0, awaitedBy: [] };
    this.#branches.set(value, node);
    for (const each of inside) waitFor(node, each);
    return node;
  }

  #link(node: TextNode): void {
    for (const part of node.parts ?? []) {
      if (typeof part === 'string') continue;
      const target = this.#follow(part, node);
      node.targets.set(part, target);
      const awaited = 'value' in target ? this.nodeOf(target.value) : null;
      if (awaited) waitFor(node, awaited);
    }
  }

  /** A text on the way that is a reference itself leads on from what it refers to. */
  #follow(reference: Reference, from: TextNode): Target {
    let { name, path } = reference;
    const through: TextNode[] = [];
    for (let hops = 0; hops <= HEIGHT_MAX; hops += 1) {
      let value: JsonValue | undefined = this.#documents.get(name);
      let taken = 0;
      while (taken < path.length && typeof value === 'object') {
        value = stepInto(value, path[taken] ?? '');
        taken += 1;
      }
      if (value === undefined) return { problem: 'reference_unknown' };
      if (taken === path.length) return { value, through };
      const text = typeof value === 'string' ? this.#texts.get(value) : undefined;
      const next = wholeReference(text?.parts ?? []);
      if (!text || !next) return { problem: 'reference_unknown' };
      waitFor(from, text);
      through.push(text);
      name = next.name;
      path = [...next.path, ...path.slice(taken)];
    }
    return { problem: 'reference_too_deep' };
  }
}

function waitFor(node: Node, awaited: Node): void {
  node.waitsFor += 1;
  awaited.awaitedBy.push(node);
}
