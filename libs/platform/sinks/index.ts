export { SinkLost } from './sink.js';
export type { HeldSink, SinkDeclaration, SinkKind, SinkRun } from './sink.js';
export { Sinks } from './sinks.js';
export type { SinkBeginning } from './sinks.js';
export { SinksModule } from './sinks.module.js';
