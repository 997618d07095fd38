import type { Violation } from '#shared-kernel';
import type { JsonObject, JsonValue } from '../../domain/json.js';
import { pointerOf } from './flat.js';
import type { FlatLine, Step } from './flat.js';

/** Steps to a value; the document itself has places around it, and JSON takes 64 levels in all. */
const STEPS_MAX = 60;
const VIOLATIONS_MAX = 1_000;

/** What is at a place while the lines are put together. */
type Node =
  | { readonly kind: 'value'; readonly line: number; readonly value: JsonValue }
  | { readonly kind: 'object' | 'list'; readonly line: number; readonly members: Map<Step, Node> };

/** A document, and which line says what stands at a pointer. */
export interface FlatDocument {
  readonly values: JsonObject;
  readonly violations: readonly Violation[];
  /** The line of a place, or of what is nearest around it. */
  lineOf(pointer: string): number | null;
}

/** Puts the lines of a flat text together; a line that contradicts one before it is a mistake. */
export function gather(lines: readonly FlatLine[]): FlatDocument {
  const gathering = new Gathering();
  for (const line of lines) gathering.add(line);
  const values = gathering.values();
  const { violations, places } = gathering;
  return { values, violations, lineOf: (pointer) => nearest(places, pointer) };
}

class Gathering {
  readonly violations: Violation[] = [];
  readonly places = new Map<string, number>();
  readonly #root = new Map<Step, Node>();

  add(entry: FlatLine): void {
    const { steps, line } = entry;
    if (steps.length > STEPS_MAX) {
      this.#note('too_deep', '/values', `It lies deeper than ${STEPS_MAX} levels.`, line);
      return;
    }
    const holder = this.#holderOf(entry);
    const last = steps.at(-1);
    if (!holder || last === undefined) return;
    if (holder.has(last))
      this.#note('duplicate', pointerOf(steps), 'An earlier line says what is here.', line);
    else holder.set(last, { kind: 'value', line, value: entry.value });
  }

  values(): JsonObject {
    return this.#objectOf(this.#root, []);
  }

  /** Where the last step of a line belongs; null when an earlier line left no room for it. */
  #holderOf({ steps, line }: FlatLine): Map<Step, Node> | null {
    let members = this.#root;
    for (const [index, step] of steps.slice(0, -1).entries()) {
      const kind = typeof steps[index + 1] === 'number' ? 'list' : 'object';
      const node = members.get(step) ?? { kind, line, members: new Map<Step, Node>() };
      if (node.kind !== kind) {
        const pointer = pointerOf(steps.slice(0, index + 1));
        this.#note('contradiction', pointer, `Line ${node.line} makes something else of it.`, line);
        return null;
      }
      members.set(step, node);
      members = node.members;
    }
    return members;
  }

  #objectOf(members: ReadonlyMap<Step, Node>, steps: readonly Step[]): JsonObject {
    const entries = [...members].map(
      ([step, node]) => [String(step), this.#valueOf(node, [...steps, step])] as const,
    );
    return Object.fromEntries(entries);
  }

  #valueOf(node: Node, steps: readonly Step[]): JsonValue {
    this.places.set(pointerOf(steps), node.line);
    if (node.kind === 'value') return node.value;
    return node.kind === 'object' ? this.#objectOf(node.members, steps) : this.#listOf(node, steps);
  }

  /** Items may come in any order, and none is left out. */
  #listOf({ members, line }: Exclude<Node, { kind: 'value' }>, steps: readonly Step[]): JsonValue {
    const items = [...members].sort(([one], [other]) => Number(one) - Number(other));
    const gap = items.findIndex(([step], index) => step !== index);
    if (gap >= 0) {
      this.#note('gap', pointerOf([...steps, gap]), 'The list has later items and not this one.', line);
    }
    return items.map(([step, node]) => this.#valueOf(node, [...steps, step]));
  }

  #note(code: string, pointer: string, detail: string, line: number): void {
    if (this.violations.length < VIOLATIONS_MAX) this.violations.push({ pointer, code, detail, line });
  }
}

function nearest(places: ReadonlyMap<string, number>, pointer: string): number | null {
  for (let place = pointer; place !== ''; place = place.slice(0, place.lastIndexOf('/'))) {
    const line = places.get(place);
    if (line !== undefined) return line;
  }
  return null;
}
