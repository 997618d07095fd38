export { SchemaRefused } from './errors.js';
export { JsonSchemaModule } from './json-schema.module.js';
export { JsonSchemaPool } from './json-schema-pool.js';
export { LoneSchemas } from './lone-schemas.js';
export type { DocumentText, DocumentViolation, SchemaBundle, SchemaText } from './messages.js';
export { checkReferences } from './references.js';
export type { RegisteredName, Reference } from './references.js';
export { admittedSchema, lintSchema } from './schema-lint.js';
export type { LintedSchema } from './schema-lint.js';
