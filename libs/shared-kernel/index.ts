export { AggregateRoot, StaleVersion } from './aggregate-root.js';
export type {
  ExpectedVersion,
  RecordedChange,
  Stamp,
  UpsertOptions,
  VersionedState,
} from './aggregate-root.js';
export type { Brand } from './brand.js';
export { Breather } from './breather.js';
export { Clock } from './clock.js';
export { DomainError, InvalidInput } from './domain-error.js';
export type { ErrorFacts, ErrorKind, Fact, Violation } from './domain-error.js';
export { pointerToken, sameJson, tokenName } from './json.js';
export { IdConflict, onceMore } from './id-conflict.js';
export { checkedLabels, isLabelKey, isLabelValue, labelMistakes } from './labels.js';
export type { Labels } from './labels.js';
export { lengthOf } from './length.js';
export type { Page, PageRequest } from './page.js';
export type { PastStateOf, PastVersion } from './past-version.js';
export { parseSelector } from './selector.js';
export type { Selector, SelectorRequirement } from './selector.js';
export { together } from './together.js';
export { undoing } from './undoing.js';
export { UnitOfWork } from './unit-of-work.js';
export { checkedUuid } from './uuid.js';
