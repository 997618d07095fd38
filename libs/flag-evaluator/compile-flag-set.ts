import type { FlagInput, SegmentInput } from './definition.js';
import type {
  Circumstances,
  CompiledFlag,
  Evaluation,
  EvaluationContext,
  Explanation,
  FlagSet,
  FlagSetChanges,
} from './evaluation.js';
import { evaluateFlag } from './evaluate-flag.js';
import { explainFlag } from './explain-flag.js';
import type { Found, NodeScope } from './explain-flag.js';
import { FlagNode } from './flag-node.js';
import { NameMap } from './name-map.js';
import { SegmentNode } from './segment-node.js';
import { boundaryAfter } from './timing.js';

/** What a set is made of. Of several with one name the last counts. */
export interface FlagSetContent {
  readonly flags: Iterable<FlagInput>;
  readonly segments: Iterable<SegmentInput>;
}

/** The evaluation under way, by number: what flags told it, they remember for it alone. Numbers are never used again. */
let present = 0;
let latest = 0;

class NodeSet implements FlagSet, NodeScope {
  readonly #own: NameMap<FlagNode>;
  readonly #segments: NameMap<SegmentNode>;
  readonly #below: NodeSet | null;
  #visible: readonly FlagNode[] | null = null;
  #timed: readonly FlagNode[] | null = null;
  #boundaryKnownFrom = Infinity;
  #boundary = -Infinity;

  constructor(own: NameMap<FlagNode>, segments: NameMap<SegmentNode>, below: NodeSet | null) {
    this.#own = own;
    this.#segments = segments;
    this.#below = below;
  }

  evaluate(name: string, context: EvaluationContext, at: Circumstances): Evaluation | undefined {
    const flag = this.#own.get(name);
    if (flag === undefined) return this.#below?.evaluate(name, context, at);
    const interrupted = present;
    present = ++latest;
    try {
      return this.#told(flag, context, at);
    } catch {
      return flag.answersIn(at.environment).fault;
    } finally {
      present = interrupted; // A getter in the context may have asked in the middle of another evaluation.
    }
  }

  explain(name: string, context: EvaluationContext, at: Circumstances): Explanation | undefined {
    const evaluation = this.evaluate(name, context, at);
    const found = this.findFlag(name);
    if (evaluation === undefined || found === undefined) return undefined;
    return explainFlag(found, context, at, evaluation);
  }

  flag(name: string): CompiledFlag | undefined {
    return this.findFlag(name)?.node;
  }

  get flags(): readonly CompiledFlag[] {
    return this.#flags();
  }

  nextBoundary(now: number): number {
    const below = this.#below?.nextBoundary(now) ?? Infinity;
    if (now < this.#boundaryKnownFrom || now >= this.#boundary) {
      this.#timed ??= this.#own.sorted.filter((flag) => flag.isTimed);
      this.#boundary = this.#timed.reduce(
        (first, { timing }) => Math.min(first, boundaryAfter(timing, now)),
        Infinity,
      );
      this.#boundaryKnownFrom = now;
    }
    return Math.min(below, this.#boundary);
  }

  with({ flags, segments }: FlagSetChanges): FlagSet {
    return new NodeSet(
      changed(this.#own, flags, (input) => (input.isArchived ? null : new FlagNode(input))),
      changed(this.#segments, segments, (input) => new SegmentNode(input)),
      this.#below,
    );
  }

  over(below: FlagSet): FlagSet {
    return new NodeSet(this.#own, this.#segments, nodeSet(below));
  }

  referencedFlag(name: string, context: EvaluationContext, at: Circumstances): Evaluation | undefined {
    const flag = this.#own.get(name);
    return flag === undefined
      ? this.#below?.referencedFlag(name, context, at)
      : this.#told(flag, context, at);
  }

  isInSegment(name: string, context: EvaluationContext, at: Circumstances): boolean {
    const segment = this.#segments.get(name);
    if (segment === undefined) return this.#below?.isInSegment(name, context, at) ?? false;
    const known = segment.memo.recall(present);
    if (known !== undefined) return known;
    segment.memo.begin(present);
    return segment.memo.keep(present, segment.has(context, at, this));
  }

  /** The flag that a name means here, with the scope in which its own references are found. */
  findFlag(name: string): Found<FlagNode> | undefined {
    const flag = this.#own.get(name);
    return flag === undefined ? this.#below?.findFlag(name) : { node: flag, scope: this };
  }

  findSegment(name: string): Found<SegmentNode> | undefined {
    const segment = this.#segments.get(name);
    return segment === undefined ? this.#below?.findSegment(name) : { node: segment, scope: this };
  }

  #told(flag: FlagNode, context: EvaluationContext, at: Circumstances): Evaluation {
    const known = flag.memo.recall(present);
    if (known !== undefined) return known;
    flag.memo.begin(present);
    return flag.memo.keep(present, evaluateFlag(flag, context, at, this));
  }

  #flags(): readonly FlagNode[] {
    if (this.#below === null) return this.#own.sorted;
    this.#visible ??= NameMap.of([...this.#below.#flags(), ...this.#own.sorted]).sorted; // The last of a name counts.
    return this.#visible;
  }
}

function nodeSet(set: FlagSet): NodeSet {
  if (set instanceof NodeSet) return set;
  throw new TypeError('A set of flags stands only on one that compileFlagSet made.');
}

/** Compiles what changed, and nothing else. */
function changed<Input, Node extends { readonly name: string }>(
  nodes: NameMap<Node>,
  changes: ReadonlyMap<string, Input | null> | undefined,
  compile: (input: Input) => Node | null,
): NameMap<Node> {
  if (changes === undefined || changes.size === 0) return nodes;
  const compiled = [...changes].map(([name, input]): [string, Node | null] => [
    name,
    input === null ? null : compile(input),
  ]);
  return nodes.changed(new Map(compiled));
}

/** Compiles flags and segments to a set, which may stand on another one; see `FlagSet`. */
export function compileFlagSet({ flags, segments }: FlagSetContent, below?: FlagSet): FlagSet {
  const there = [...flags].filter(({ isArchived }) => !isArchived);
  return new NodeSet(
    NameMap.of(there.map((input) => new FlagNode(input))),
    NameMap.of([...segments].map((input) => new SegmentNode(input))),
    below === undefined ? null : nodeSet(below),
  );
}
