import type { SinkDeclaration, SinkKind } from './sink.js';

/** Where a sink begins: after these revisions by stream, or with the oldest change that each stream still has. */
export type SinkBeginning = ReadonlyMap<string, number> | 'beginning';

/** Every sink of the installation, and which replica runs it. */
export abstract class Sinks {
  /** Called before the service is ready, once for each kind. */
  abstract register(kind: SinkKind): void;

  /**
   * From now on there is this sink, in the open unit of work; one that is there already is changed. A stream for which no
   * revision is given, and which it does not have yet, begins at its present head.
   */
  abstract declare(sink: SinkDeclaration, from?: SinkBeginning): Promise<void>;

  /**
   * There is no such sink any more, in the open unit of work. Gives, by stream, up to where it had got, so that one that is
   * declared again some day goes on from there; empty where there is none.
   */
  abstract withdraw(name: string): Promise<ReadonlyMap<string, number>>;
}
