export { CatalogReferences } from './application/catalog-references.js';
export type { Named, References } from './application/catalog-references.js';
export { TeamHoldings } from './application/team-holdings.js';
export type { Holding } from './application/team-holdings.js';
export { CatalogModule } from './catalog.module.js';
export { CompanyTable } from './infrastructure/company.table.js';
export { EnvironmentTable } from './infrastructure/environment.table.js';
