export type { HeldSink, SinkDeclaration, SinkKind, SinkRun } from './sink.js';
export { Sinks } from './sinks.js';
export { SinksModule } from './sinks.module.js';
