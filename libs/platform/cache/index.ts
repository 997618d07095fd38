export { CacheModule } from './cache.module.js';
export { HotCache } from './hot-cache.js';
export type { HotSource, Stamped } from './hot-cache.js';
export { HotCaches } from './hot-caches.js';
