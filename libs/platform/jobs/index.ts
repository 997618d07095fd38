export { JobsModule } from './jobs.module.js';
export { Jobs } from './jobs.js';
export type { Job } from './jobs.js';
