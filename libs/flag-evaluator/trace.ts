import type { Json } from './definition.js';
import type { TraceStep } from './evaluation.js';

/** How much of a value is shown, in characters of JSON. */
const SHOWN_LENGTH_MAX = 1000;

/** The steps of an explanation, as they are taken. */
export class Trace {
  readonly steps: TraceStep[] = [];

  add(step: TraceStep): void {
    this.steps.push(step);
  }

  /** A step with others inside: it stands before them, though its outcome is known only after them. */
  around<T>(opening: TraceStep, work: () => readonly [TraceStep, T]): T {
    const place = this.steps.push(opening) - 1;
    const [step, result] = work();
    this.steps[place] = step;
    return result;
  }
}

/** A value from a context, fit to be shown: whole when it is short, else the beginning of its text; undefined for no JSON. */
export function shown(value: unknown): Json | undefined {
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) return undefined;
    return text.length <= SHOWN_LENGTH_MAX ? JSON.parse(text) : `${text.slice(0, SHOWN_LENGTH_MAX)}…`;
  } catch {
    return undefined; // Circles and big integers have no JSON.
  }
}

/** A value in a sentence. */
export const worded = (value: unknown): string => JSON.stringify(shown(value)) ?? 'what is no JSON';

/** An instant in a sentence; a number beyond the calendar stays one. */
export function wordedInstant(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
}
