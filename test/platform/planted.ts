import { randomUUID } from 'node:crypto';
import type { Sent, TestApi } from '../api.js';
import type { Facts, Operation } from './openapi-walk.js';

/** A kind of resource that a walk has to find, and the beginning of the paths that are about it. */
interface Kind {
  readonly about: string;
  readonly collection: string;
  /** What is sent to make one; `text` stands in it wherever it can. */
  body(name: string, text: string): object;
  facts(resource: any): Facts;
  /** Made by the administrator of the installation alone, for all tenants, and with no text that anybody might see. */
  readonly ofInstallation?: boolean;
}

const FLAGS = '/api/v1/feature-flags';
const CONFIGURATIONS = '/api/v1/configurations';
const PROVIDERS = `${CONFIGURATIONS}/secret-providers`;
/** Which a walk names where nothing else is known. */
const TENANT = '1';
const ENVIRONMENT = 'production';

const aFlag = (name: string, text: string): object => ({
  ...{ name, enabled: true, default_value: text, description: text },
  targeting_rules: [{ attribute: 'plan', operator: 'eq', value: text, result: text }],
  tenant_overrides: { [TENANT]: text },
  environment_overrides: { [ENVIRONMENT]: text },
});

/** Those with the longer path first. A new context adds its kinds here. */
const KINDS: readonly Kind[] = [
  {
    about: `${FLAGS}/segments`,
    collection: `${FLAGS}/segments`,
    body: (name, text) => ({ name, description: text, include: [text] }),
    facts: ({ id, name }) => ({ id, name }),
  },
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
    about: PROVIDERS,
    collection: PROVIDERS,
    ofInstallation: true,
    body: (alias) => ({ alias, kind: 'env', settings: { names: ['PLANTED'] } }),
    facts: ({ id, alias }) => ({ id, alias }),
  },
  {
    about: `${CONFIGURATIONS}/schemas`,
    collection: `${CONFIGURATIONS}/schemas`,
    body: (name, text) => ({ name, description: text, json_schema: { const: text } }),
    facts: ({ id, name }) => ({ id, name }),
  },
  {
    about: CONFIGURATIONS,
    collection: CONFIGURATIONS,
    body: (name, text) => ({
      ...{ service_id: name, name, environment: ENVIRONMENT },
      ...{ values: { text }, description: text },
    }),
    facts: ({ id, service_id, name, environment }) => ({ id, service_id, name, environment }),
  },
  {
    about: '',
    collection: '/api/v1/metadata',
    body: (key, text) => ({ key, value: text, tags: [text], description: text }),
    facts: ({ id, key, namespace }) => ({ id, key, namespace }),
  },
];

/** One resource of each kind, so that a walk of the document finds something in every context. */
export class Planted {
  private constructor(private readonly facts: ReadonlyMap<Kind, Facts>) {}

  static async on(api: TestApi, text: string, members: object = {}, sent: Sent = {}): Promise<Planted> {
    const facts = new Map<Kind, Facts>();
    for (const kind of KINDS) facts.set(kind, await plant(api, kind, { text, members, sent }));
    return new Planted(facts);
  }

  /** What is known of the resource that an operation is about. */
  factsFor(operation: Operation): Facts {
    return this.facts.get(kindOf(operation)) ?? {};
  }
}

/** Makes what one operation is about, and tells what is known of it. */
export function plantFor(api: TestApi, operation: Operation): Promise<Facts> {
  return plant(api, kindOf(operation), { text: 'planted', members: {}, sent: {} });
}

function kindOf({ path }: Operation): Kind {
  const kind = KINDS.find(({ about }) => path.startsWith(about));
  if (!kind) throw new Error('The last kind is about every path.');
  return kind;
}

async function plant(
  api: TestApi,
  kind: Kind,
  { text, members, sent }: { text: string; members: object; sent: Sent },
): Promise<Facts> {
  const own = kind.body(`n${randomUUID()}`, text);
  const reply = kind.ofInstallation
    ? await api.post(kind.collection, own)
    : await api.post(kind.collection, { ...own, ...members }, sent);
  if (reply.status !== 201) throw new Error(reply.text);
  return kind.facts(reply.body);
}
