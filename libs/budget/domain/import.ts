import { AggregateRoot } from '#shared-kernel';
import type { VersionedState } from '#shared-kernel';
import type { ImportId } from './identity.js';
import type { ImportFormat } from './import-record.js';

/** What became of the records of a file. */
export interface ImportCounts {
  readonly total: number;
  readonly created: number;
  /** Those that had come before. */
  readonly unchanged: number;
  readonly failed: number;
}

/** Everything there is to know about an import. */
export interface ImportState extends VersionedState, ImportCounts {
  readonly id: ImportId;
  readonly format: ImportFormat;
}

/** A file that was read, so that what came of it can be taken back. */
export class Import extends AggregateRoot<ImportState> {
  static take(taken: Omit<ImportState, 'version' | 'stamp'>, reason: string | null): Import {
    const one = new Import({ ...taken, version: 0, stamp: null });
    one.record('created', { reason });
    return one;
  }

  /** Rebuilds a stored import; for repositories and tests alone. */
  static restore(state: ImportState): Import {
    return new Import(state);
  }

  /** What came of it is gone; its history stays. */
  undo(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }
}
