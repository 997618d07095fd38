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
import { SegmentNode } from './segment-node.js';
import { boundaryAfter } from './timing.js';

/** What a set is made of. Of several with one name the last counts. */
export interface FlagSetContent {
  readonly flags: Iterable<FlagInput>;
  readonly segments: Iterable<SegmentInput>;
}

type Nodes<T> = ReadonlyMap<string, T>;

/** The evaluation under way, by number: what flags told it, they remember for it alone. Numbers are never used again. */
let present = 0;
let latest = 0;

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

class NodeSet implements FlagSet, NodeScope {
  readonly #own: Nodes<FlagNode>;
  readonly #segments: Nodes<SegmentNode>;
  readonly #below: NodeSet | null;
  #sorted: readonly FlagNode[] | null = null;
  #timed: readonly FlagNode[] | null = null;
  #boundaryKnownFrom = Infinity;
  #boundary = -Infinity;

  constructor(own: Nodes<FlagNode>, segments: Nodes<SegmentNode>, below: NodeSet | null) {
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
      this.#timed ??= [...this.#own.values()].filter((flag) => flag.isTimed);
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
    if (this.#sorted === null) {
      const own = this.#own;
      const below = this.#below === null ? [] : this.#below.#flags();
      const visible = below.filter(({ name }) => !own.has(name));
      this.#sorted = Object.freeze([...visible, ...own.values()].sort(byName));
    }
    return this.#sorted;
  }
}

function nodeSet(set: FlagSet): NodeSet {
  if (set instanceof NodeSet) return set;
  throw new TypeError('A set of flags stands only on one that compileFlagSet made.');
}

/** A copy with the changes; what did not change keeps its place, so that sorting again costs next to nothing. */
function changed<Input, Node>(
  nodes: Nodes<Node>,
  changes: ReadonlyMap<string, Input | null> | undefined,
  compile: (input: Input) => Node | null,
): Nodes<Node> {
  if (changes === undefined || changes.size === 0) return nodes;
  const copy = new Map(nodes);
  for (const [name, input] of changes) {
    const node = input === null ? null : compile(input);
    if (node === null) copy.delete(name);
    else copy.set(name, node);
  }
  return copy;
}

/** Compiles flags and segments to a set, which may stand on another one; see `FlagSet`. */
export function compileFlagSet({ flags, segments }: FlagSetContent, below?: FlagSet): FlagSet {
  const own = [...flags].filter(({ isArchived }) => !isArchived).map((input) => new FlagNode(input));
  return new NodeSet(
    new Map(own.sort(byName).map((flag) => [flag.name, flag])),
    new Map([...segments].map((input) => [input.name, new SegmentNode(input)])),
    below === undefined ? null : nodeSet(below),
  );
}
