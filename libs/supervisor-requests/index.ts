export { SupervisorDesk } from './application/supervisor-desk.js';
export type { Question } from './application/supervisor-desk.js';
export { SupervisorRequestTable } from './infrastructure/supervisor-request.table.js';
export { SupervisorRequestsModule } from './supervisor-requests.module.js';
