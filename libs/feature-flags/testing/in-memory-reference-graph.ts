import { referencesOf } from '#flag-evaluator';
import type { FlagDefinition, Reference, SegmentDefinition } from '#flag-evaluator';
import { keyOf, ReferenceGraph } from '../domain/reference-graph.js';
import type { User } from '../domain/reference-graph.js';
import type { InMemoryFeatureFlagRepository } from './in-memory-feature-flag.repository.js';
import type { InMemorySegmentRepository } from './in-memory-segment.repository.js';

interface Node extends User {
  readonly id: string;
  readonly definition: FlagDefinition | SegmentDefinition;
}

/** Read off the flags and segments in memory, whose units of work come one after the other as it is. */
export class InMemoryReferenceGraph extends ReferenceGraph {
  constructor(
    private readonly flags: InMemoryFeatureFlagRepository,
    private readonly segments: InMemorySegmentRepository,
  ) {
    super();
  }

  override async hold(): Promise<void> {
    return;
  }

  override async existing(
    tenant: string | null,
    references: readonly Reference[],
    except: string,
  ): Promise<Reference[]> {
    const wanted = new Set(references.map(keyOf));
    const found = this.#nodes.filter(
      (node) =>
        (node.tenant === tenant || node.tenant === null) && node.id !== except && wanted.has(keyOf(node)),
    );
    return [...new Map(found.map(({ kind, name }) => [keyOf({ kind, name }), { kind, name }])).values()];
  }

  override async edgesOf(tenant: string | null): Promise<ReadonlyMap<string, readonly Reference[]>> {
    const own = this.#nodes.filter((node) => node.tenant === tenant);
    const edges = own.map((node) => [keyOf(node), targetsOf(node)] as const);
    return new Map(edges.filter(([, targets]) => targets.length > 0));
  }

  override async usersOf(tenant: string | null, reference: Reference): Promise<User[]> {
    const key = keyOf(reference);
    const hidden = new Set(this.#nodes.filter((node) => keyOf(node) === key).map((node) => node.tenant));
    return this.#nodes
      .filter((node) => targetsOf(node).some((target) => keyOf(target) === key))
      .filter((node) => node.tenant === tenant || (tenant === null && !hidden.has(node.tenant)))
      .map(({ kind, name, tenant: owner }) => ({ kind, name, tenant: owner }));
  }

  get #nodes(): Node[] {
    return [
      ...this.flags.versions.all.map((state) => ({ kind: 'flag' as const, ...state })),
      ...this.segments.versions.all.map((state) => ({ kind: 'segment' as const, ...state })),
    ];
  }
}

const targetsOf = ({ definition }: Node): Reference[] =>
  referencesOf(definition).map(({ kind, name }) => ({ kind, name }));
