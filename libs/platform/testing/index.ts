export { InMemoryUnitOfWork } from './in-memory-unit-of-work.js';
export type { Restorable } from './in-memory-unit-of-work.js';
export { SetClock } from './set-clock.js';
export { IN_MEMORY_ACTOR, VersionsInMemory } from './versions-in-memory.js';
export type { Clashes } from './versions-in-memory.js';
