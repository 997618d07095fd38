export { AggregateRoot, StaleVersion } from './aggregate-root.js';
export type { RecordedChange, Stamp, VersionedState } from './aggregate-root.js';
export type { Brand } from './brand.js';
export { Clock } from './clock.js';
export { DomainError, InvalidInput } from './domain-error.js';
export type { ErrorFacts, ErrorKind, Violation } from './domain-error.js';
export type { Page } from './page.js';
export { UnitOfWork } from './unit-of-work.js';
