export { BudgetModule } from './budget.module.js';
export { BudgetTable } from './infrastructure/budget.table.js';
export { CategoryTable } from './infrastructure/category.table.js';
export { ImportTable as BudgetImportTable } from './infrastructure/import.table.js';
export { BudgetItemTable } from './infrastructure/item.table.js';
export { PayeeTable } from './infrastructure/payee.table.js';
