import type { Steps } from '../step.js';

const ITEM = { amount: '12.34', payor: 'Household {{run}}', payee: 'The roastery {{run}}' };
const FILE = [
  'item,amount,currency,payor,payee,transaction_date',
  'Tea {{run}},-3.50,USD,Household {{run}},The roastery {{run}},2026-05-01',
].join('\n');

export const BUDGET_STEPS: Steps = {
  createBudgetItem: { body: ITEM },
  batchBudgetItems: { whole: { operations: [{ op: 'update', id: '{{budgetItemId}}', item: 'In a batch' }] } },
  importBudgetItems: { query: { format: 'csv' }, whole: FILE },
  createPayee: [
    {},
    { name: 'Create the payee that is merged', as: 'otherPayee', body: { name: 'Corner {{run}}' } },
  ],
  batchPayees: { whole: { operations: [{ op: 'update', id: '{{payeeId}}', phone: '+4930123456' }] } },
  mergePayee: { as: 'otherPayee', path: { id: '{{otherPayeeId}}' }, body: { into: '{{payeeId}}' } },
};
