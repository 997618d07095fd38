export { CallContext } from './call-context.js';
export type { Call, Caller } from './call.js';
export { ContextModule } from './context.module.js';
export {
  readTenant,
  SHARED_TENANT,
  tenantColumn,
  TenantForbidden,
  tenantFromColumn,
  writeTenant,
} from './tenancy.js';
