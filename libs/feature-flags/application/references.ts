import { Injectable } from '@nestjs/common';
import { findCycle } from '#flag-evaluator';
import type { Reference } from '#flag-evaluator';
import { FlagCycle, FlagReferenceUnknown } from '../domain/errors.js';
import { keyOf, ReferenceGraph } from '../domain/reference-graph.js';
import type { User } from '../domain/reference-graph.js';

/** A flag or segment that refers to others, or is referred to. */
export interface Node extends Reference {
  readonly id: string;
  readonly tenant: string | null;
}

/** A reference, and where in the definition it stands. */
export interface PlacedReference extends Reference {
  readonly pointer: string;
}

/** Keeps references whole: each leads somewhere, none in a circle, and nothing that is referred to goes away. */
@Injectable()
export class References {
  constructor(private readonly graph: ReferenceGraph) {}

  /**
   * For the node with these references, which need not be stored yet.
   * @throws FlagReferenceUnknown, FlagCycle
   */
  async expectSound(node: Node, references: readonly PlacedReference[]): Promise<void> {
    if (references.length === 0) return;
    await this.graph.hold(node.tenant);
    await this.#expectKnown(node, references);
    const edges = await this.graph.edgesOf(node.tenant);
    const own = keyOf(node);
    const path = findCycle({ kind: node.kind, name: node.name }, (reference) =>
      keyOf(reference) === own ? references : (edges.get(keyOf(reference)) ?? []),
    );
    if (path) throw new FlagCycle(path);
  }

  /** Who refers to it now; from here to the end of the unit of work nobody else will. */
  async usersOf({ tenant, kind, name }: Node): Promise<User[]> {
    await this.graph.hold(tenant);
    return this.graph.usersOf(tenant, { kind, name });
  }

  async #expectKnown(node: Node, references: readonly PlacedReference[]): Promise<void> {
    const existing = await this.graph.existing(node.tenant, references, node.id);
    const known = new Set([keyOf(node), ...existing.map(keyOf)]);
    const unknown = references.filter((reference) => !known.has(keyOf(reference)));
    if (unknown.length === 0) return;
    throw new FlagReferenceUnknown(
      unknown.map(({ pointer, kind, name }) => ({
        pointer,
        code: 'flag_reference_unknown',
        detail: `There is no ${kind} "${name}".`,
      })),
    );
  }
}
