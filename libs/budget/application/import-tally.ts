import type { Violation } from '#shared-kernel';
import type { ImportRecord } from '../domain/import-record.js';
import type { ImportCounts } from '../domain/import.js';

const MISTAKES_SHOWN_MAX = 1_000;

/** Something that is wrong with a record. */
export type LineMistake = Violation & { readonly line: number };

/** What becomes of the records of one file. */
export class ImportTally {
  #unchanged = 0;
  #created = 0;
  #failed = 0;
  readonly #mistakes: LineMistake[] = [];

  constructor(private readonly total: number) {}

  fail({ line }: Pick<ImportRecord, 'line'>, mistakes: readonly Violation[]): void {
    this.#failed += 1;
    this.#mistakes.push(...mistakes.map((mistake) => ({ ...mistake, line })));
  }

  knew(): void {
    this.#unchanged += 1;
  }

  create(): void {
    this.#created += 1;
  }

  get counts(): ImportCounts {
    return {
      total: this.total,
      created: this.#created,
      unchanged: this.#unchanged,
      failed: this.#failed,
    };
  }

  /** In the order of the file, the first ones. */
  get mistakes(): readonly LineMistake[] {
    return this.#mistakes.sort((a, b) => a.line - b.line).slice(0, MISTAKES_SHOWN_MAX);
  }
}
