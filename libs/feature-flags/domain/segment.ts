import { AggregateRoot } from '#shared-kernel';
import type { Stamp } from '#shared-kernel';
import { checkSegment } from '#flag-evaluator';
import type { SegmentDefinition } from '#flag-evaluator';
import { sameJson } from './definition.js';
import { InvalidDefinition } from './errors.js';
import type { SegmentId, SegmentName } from './identity.js';
import { checkedDescription } from './profile.js';

/** The part of a segment that has a history and can be rolled back. */
export interface SegmentContent {
  readonly description: string | null;
  readonly definition: SegmentDefinition;
}

/** Everything there is to know about a segment. */
export interface SegmentState extends SegmentContent {
  readonly id: SegmentId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  readonly name: SegmentName;
}

/** What is to change; absent leaves as it is. */
export interface SegmentRevision {
  readonly name?: SegmentName;
  readonly description?: string | null;
  readonly definition?: Partial<SegmentDefinition>;
}

/** A named group of callers, which the rules of many flags refer to. */
export class Segment extends AggregateRoot<SegmentState> {
  /** @throws InvalidInput, InvalidDefinition */
  static create(
    identity: { readonly id: SegmentId; readonly tenant: string | null },
    name: SegmentName,
    { description, definition }: SegmentContent,
    reason: string | null = null,
  ): Segment {
    const segment = new Segment({
      ...identity,
      version: 0,
      stamp: null,
      name,
      description: checkedDescription(description),
      definition: checkedDefinition(definition),
    });
    segment.record('created', { reason });
    return segment;
  }

  /** Rebuilds a stored segment; for repositories and tests alone. */
  static restore(state: SegmentState): Segment {
    return new Segment(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise({ name, description, definition }: SegmentRevision, reason: string | null): void {
    const next: SegmentState = {
      ...this.state,
      name: name ?? this.state.name,
      description: description === undefined ? this.state.description : checkedDescription(description),
      definition: checkedDefinition({ ...this.state.definition, ...definition }),
    };
    if (sameJson(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. The name stays. */
  revertTo(past: SegmentContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...past };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}

/** @throws InvalidDefinition */
function checkedDefinition(definition: SegmentDefinition): SegmentDefinition {
  const problems = checkSegment(definition);
  if (problems.length > 0) throw new InvalidDefinition(problems);
  return definition;
}
