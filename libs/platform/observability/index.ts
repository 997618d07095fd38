export { AccessLog } from './access-log.js';
export { Health } from './health.js';
export type { HealthCheck, HealthStatus, PartHealth } from './health.js';
export { createLogger, NestLogger } from './logger.js';
export type { LogOptions } from './logger.js';
export { Metrics } from './metrics.js';
export { ObservabilityModule } from './observability.module.js';
