import { createDatabase, query } from '../database.js';
import { makeFolder } from '../folder.js';
import { HttpClient } from '../http-client.js';
import type { Bench, Figure, LeftOut, Row } from '../row.js';
import { Service } from '../service.js';
import { median } from '../statistics.js';

const FLAGS = 10_000;
const RULES = 3;
const MILLISECONDS = 1_000;
const ROUNDS = 3;
const LOAD_MS_MAX = 1_000;
const MEMORY_MIB_MAX = 100;
const PATH = '/api/v1/feature-flags/evaluate/bulk';

/** What many flags cost: how long their load takes at the start of a service, and how much more it holds with them. */
export const flagsLoad: Row = {
  name: 'flags-load',
  async run({ server, scope }: Bench): Promise<(Figure | LeftOut)[]> {
    const dataDir = await makeFolder(scope);
    const [empty, full] = [await createDatabase(scope, server), await createDatabase(scope, server)];
    const start = (databaseUrl: string): Promise<Service> => Service.start(scope, { dataDir, databaseUrl });
    for (const databaseUrl of [empty, full]) await (await start(databaseUrl)).stop(); // For the migrations.
    await seed(full);
    const without: Taken[] = [];
    const withFlags: Taken[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      without.push(await take(await start(empty), 0));
      withFlags.push(await take(await start(full), 2));
    }
    const middle = (taken: readonly Taken[], what: keyof Taken): number =>
      median(taken.map((each) => each[what]));
    const memory = middle(withFlags, 'residentMiB') - middle(without, 'residentMiB');
    return [
      {
        work: 'load of 10,000 flags',
        unit: 'ms',
        measured: middle(withFlags, 'loadMs'),
        yardstick: null,
        bar: { kind: 'at most', value: LOAD_MS_MAX },
        details: { without, with: withFlags },
      },
      Number.isNaN(memory)
        ? { work: 'memory of 10,000 flags', leftOut: 'this system does not tell it in /proc.' }
        : {
            work: 'memory of 10,000 flags',
            unit: 'MiB',
            measured: memory,
            yardstick: null,
            bar: { kind: 'at most', value: MEMORY_MIB_MAX },
          },
    ];
  },
};

interface Taken {
  readonly loadMs: number;
  /** NaN where the system does not tell. */
  readonly residentMiB: number;
}

/** After an evaluation, so that whatever is done on first use is done. */
async function take(service: Service, flags: number): Promise<Taken> {
  const client = new HttpClient(service.url);
  try {
    const names = [`flag-${FLAGS}`, 'flag-1'];
    const question = { flags: names, context: { user_id: 'user-1', country: 'US' } };
    const { text } = await client.write('POST', PATH, question);
    const { values } = JSON.parse(text) as { values: object };
    if (Object.keys(values).length !== flags) throw new Error(`These flags were not expected: ${text}`);
    const { text: metrics } = await client.read('/metrics');
    const seconds = /^metastore_flags_load_seconds ([\d.e-]+)$/m.exec(metrics)?.[1];
    if (seconds === undefined) throw new Error('The service does not tell how long it loaded its flags.');
    return {
      loadMs: Number(seconds) * MILLISECONDS,
      residentMiB: (await service.residentMiB()) ?? Number.NaN,
    };
  } finally {
    client.close();
    await service.stop();
  }
}

/** Each flag with a rule by list, one by text and one by number with a rollout, and a rollout of its own. */
async function seed(databaseUrl: string): Promise<void> {
  const rule = (number: number): object => ({
    id: `rule-${number}`,
    priority: number,
    description: null,
    conditions: [
      { attribute: 'country', operator: 'in', value: ['US', 'CA', `X${number}`] },
      { attribute: 'user.plan', operator: 'starts_with', value: 'pro' },
      { attribute: 'user.age', operator: 'gte', value: 18 + number },
    ],
    result: true,
    variant: null,
    rolloutPercentage: 50,
  });
  const definition = {
    type: 'boolean',
    enabled: true,
    defaultValue: false,
    rolloutValue: true,
    rolloutPercentage: 25,
    bucketBy: null,
    variants: [],
    salt: 'SALT',
    targetingRules: Array.from({ length: RULES }, (_, index) => rule(index + 1)),
    tenantOverrides: {},
    environmentOverrides: {},
    prerequisites: [],
    expiresAt: null,
    schedule: [],
    ramp: null,
  };
  await query(
    databaseUrl,
    `insert into feature_flags.flag (id, tenant, version, name, description, tags, owner, kind, is_client_visible,
       archived_at, definition, refs, search_text, created_at, updated_at, created_by, updated_by)
     select gen_random_uuid(), '_shared', 1, 'flag-' || n, null, '{}', null, 'release', false, null,
       replace('${JSON.stringify(definition)}', 'SALT', 'flag-' || n)::json, '{}', 'flag-' || n, now(), now(), 'bench', 'bench'
     from generate_series(1, ${FLAGS}) as n`,
  );
  await query(databaseUrl, 'vacuum analyze feature_flags.flag');
}
