import type { SinkDeclaration, SinkKind } from './sink.js';

/** Every sink of the installation, and which replica runs it. */
export abstract class Sinks {
  /** Called before the service is ready, once for each kind. */
  abstract register(kind: SinkKind): void;

  /**
   * From now on there is this sink, in the open unit of work; one that is there already is changed. A stream for which no
   * revision is given, and which it does not have yet, begins at its present head.
   */
  abstract declare(sink: SinkDeclaration, from?: ReadonlyMap<string, number>): Promise<void>;

  /** There is no such sink any more, in the open unit of work. */
  abstract withdraw(name: string): Promise<void>;
}
