import type { DatabaseServer } from './database.js';
import type { Scope } from './scope.js';

/** What a figure has to reach. */
export interface Bar {
  readonly kind: 'at least' | 'at most';
  readonly value: number;
}

/** One line of the table. */
export interface Figure {
  readonly work: string;
  readonly unit: string;
  readonly measured: number;
  /** The same unit, in the same run; null where the bar is absolute. */
  readonly yardstick: number | null;
  /** For `measured / yardstick`, or for `measured` where there is no yardstick. */
  readonly bar: Bar;
  /** Whatever else helps to understand it; it stands in the file of results only. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A figure that could not be taken on this machine, and why. */
export interface LeftOut {
  readonly work: string;
  readonly leftOut: string;
}

/** What a row may use. */
export interface Bench {
  /** The PostgreSQL that everything of this run uses. */
  readonly server: DatabaseServer;
  /** What the row starts is stopped with it. */
  readonly scope: Scope;
  /** Seconds of one load. */
  readonly seconds: number;
}

/** Measures one kind of work. */
export interface Row {
  /** As on the command line. */
  readonly name: string;
  run(bench: Bench): Promise<readonly (Figure | LeftOut)[]>;
}

/** The number that is compared with the bar. */
export function judgedValue({ measured, yardstick }: Figure): number {
  return yardstick === null ? measured : measured / yardstick;
}

export function reaches(figure: Figure): boolean {
  const value = judgedValue(figure);
  return figure.bar.kind === 'at least' ? value >= figure.bar.value : value <= figure.bar.value;
}
