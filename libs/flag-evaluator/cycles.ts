import type { Reference } from './evaluation.js';

/** A reference that was come to, and the one that led there. */
interface Step {
  readonly reference: Reference;
  readonly from: Step | null;
}

const keyOf = ({ kind, name }: Reference): string => `${kind}:${name}`;

function pathTo(last: Step): Reference[] {
  const path: Reference[] = [];
  for (let step: Step | null = last; step !== null; step = step.from) path.push(step.reference);
  return path.reverse();
}

/**
 * The shortest way from the start back to itself, beginning and ending with it; null when there is none. Circles that the
 * start is no part of do not count. Each reference is asked once, so the cost is that of all references.
 */
export function findCycle(
  start: Reference,
  referencesFrom: (reference: Reference) => readonly Reference[],
): readonly Reference[] | null {
  const goal = keyOf(start);
  const seen = new Set<string>();
  const steps: Step[] = [{ reference: start, from: null }];
  for (const step of steps) {
    for (const { kind, name } of referencesFrom(step.reference)) {
      const next: Step = { reference: { kind, name }, from: step };
      const key = keyOf(next.reference);
      if (key === goal) return pathTo(next);
      if (seen.has(key)) continue;
      seen.add(key);
      steps.push(next);
    }
  }
  return null;
}
