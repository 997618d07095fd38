export { EntryTable } from './infrastructure/entry.table.js';
export { MetadataModule } from './metadata.module.js';
