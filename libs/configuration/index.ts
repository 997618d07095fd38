export { ConfigurationModule } from './configuration.module.js';
export { ConfigurationTable } from './infrastructure/configuration.table.js';
export { JsonSchemaTable } from './infrastructure/json-schema.table.js';
export { SecretProviderTable } from './infrastructure/secret-provider.table.js';
