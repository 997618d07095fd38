import type { Kind } from '../platform/kind.js';
import { FLAGS, SEGMENTS } from './made.js';

/** Which a walk names where nothing else is known. */
const TENANT = '1';
const ENVIRONMENT = 'production';

const aFlag = (name: string, text: string): object => ({
  ...{ name, enabled: true, default_value: text, description: text },
  targeting_rules: [{ attribute: 'plan', operator: 'eq', value: text, result: text }],
  tenant_overrides: { [TENANT]: text },
  environment_overrides: { [ENVIRONMENT]: text },
});

export const KINDS: readonly Kind[] = [
  {
    about: FLAGS,
    collection: FLAGS,
    body: aFlag,
    facts: ({ id, name, targeting_rules: [rule] }) => ({
      ...{ id, name, rule_id: rule.id, environment: ENVIRONMENT, percentage: 10 },
    }),
  },
  { about: '/ofrep/', collection: FLAGS, body: aFlag, facts: ({ name }) => ({ key: name }) },
  {
    about: SEGMENTS,
    collection: SEGMENTS,
    body: (name, text) => ({ name, description: text, include: [text] }),
    facts: ({ id, name }) => ({ id, name }),
  },
];
