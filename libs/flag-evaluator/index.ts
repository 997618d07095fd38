export type * from './definition.js';
export type * from './evaluation.js';
export { OPERATORS } from './definition.js';
export { compileFlagSet } from './compile-flag-set.js';
export type { FlagSetContent } from './compile-flag-set.js';
export { bucketOf, murmur3 } from './murmur3.js';
