export { Courier } from './courier.js';
export type { FailureReason, Message, Outcome } from './courier.js';
export { DeliveriesModule } from './deliveries.module.js';
export { pauseAfter } from './retries.js';
