import type { Kind } from '../platform/kind.js';
import { IMPORTS } from './imported.js';
import { BUDGETS, CATEGORIES, ITEMS, PAYEES } from './made.js';

export const KINDS: readonly Kind[] = [
  {
    about: PAYEES,
    collection: PAYEES,
    body: (name, text) => ({
      ...{ name: text.slice(0, 200), email: `${name}@example.com`, phone: '+4930123456' },
      labels: { name: 'a' },
    }),
    facts: ({ id }) => ({ id }),
  },
  {
    about: CATEGORIES,
    collection: CATEGORIES,
    body: (name, text) => ({ name: `${name} ${text}`.slice(0, 200) }),
    facts: ({ id }) => ({ id }),
  },
  {
    about: BUDGETS,
    collection: BUDGETS,
    body: (name, text) => ({
      ...{ name: `${name} ${text}`.slice(0, 200), currency: 'USD', limit: '100.00' },
      ...{ period: 'monthly', start_date: '2026-01-01' },
      thresholds: [{ percent: 80, action: 'supervisor_request', priority: 2 }],
    }),
    facts: ({ id }) => ({ id }),
  },
  {
    about: ITEMS,
    collection: ITEMS,
    body: (name, text) => ({
      ...{ item: name, notes: text, amount: '12.34', currency: 'USD', flow: 'outflow' },
      ...{ payor: `${name} who pays`, payee: `${name} who is paid`, transaction_date: '2026-05-01' },
      labels: { name: 'a' },
    }),
    facts: ({ id }) => ({ id }),
  },
  {
    about: IMPORTS,
    collection: IMPORTS,
    body: (name, text) => ({
      ...{ item: name, notes: text, amount: '-12.34', currency: 'USD' },
      ...{ payor: `${name} who pays`, payee: `${name} who is paid`, transaction_date: '2026-05-01' },
    }),
    file: {
      type: 'text/csv',
      query: { format: 'csv' },
      text: (item) =>
        [
          Object.keys(item),
          Object.values<string>(item).map((cell) => `"${cell.replaceAll('"', '""')}"`),
        ].join('\n'),
    },
    facts: ({ id }) => ({ id }),
  },
];
