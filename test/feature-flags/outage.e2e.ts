import pg from 'pg';
import { FlagUsage } from '../../libs/feature-flags/application/flag-usage.js';
import { LiveFlagSets } from '../../libs/feature-flags/application/live-flag-sets.js';
import type { Service } from '../../apps/api/start.js';
import { eventually, TestApi } from '../api.js';
import type { Line } from '../platform/line.js';
import { isStale, ServiceOnALine } from '../platform/service-on-a-line.js';
import type { Answer } from '../platform/service-on-a-line.js';
import { FLAGS, aTenant, aFlag } from './made.js';

let api: TestApi;
let far: ServiceOnALine;
let line: Line;
let service: Service;

beforeAll(async () => {
  api = await TestApi.start();
  far = await ServiceOnALine.start(api);
  ({ line, service } = far);
});

afterAll(async () => {
  await far.stop();
  await api.stop();
});

const ask = (method: string, path: string, body?: object): Promise<Answer> => far.ask(method, path, { body });

const evaluate = (name: string, tenant_id: string | null = null): Promise<Answer> =>
  ask('POST', `${FLAGS}/evaluate`, { name, context: {}, tenant_id });

it('goes on with the last known flags while the database is away, says so, and then catches up', async () => {
  const [known, unknown] = [aTenant(), aTenant()];
  const flag = await aFlag(api, { default_value: 'before' });
  const own = await aFlag(api, { tenant_id: known, default_value: 'own' });
  const never = await aFlag(api, { tenant_id: unknown, default_value: 'own' });
  for (const [name, tenant] of [
    [flag.name, null],
    [own.name, known],
  ] as const)
    await eventually(
      () => evaluate(name, tenant),
      ({ status }) => status === 200,
    );
  const sets = service.app.get(LiveFlagSets, { strict: false });
  await eventually(
    async () => sets.of(unknown),
    (set) => set === undefined, // It was heard that this tenant has flags of its own.
  );

  line.cut();
  const stale = await eventually(() => evaluate(flag.name), isStale);
  expect([stale.status, stale.body.value]).toEqual([200, 'before']);
  const answers = [
    await evaluate(flag.name, aTenant()),
    await evaluate(own.name, known),
    await ask('POST', `${FLAGS}/evaluate/bulk`, { context: {}, flags: [flag.name] }),
    await ask('GET', `${FLAGS}/snapshot`),
    await ask('POST', '/ofrep/v1/evaluate/flags', {}),
    await ask('POST', `/ofrep/v1/evaluate/flags/${flag.name}`, {}),
  ];
  expect(answers.map((answer) => [answer.status, isStale(answer)])).toEqual(answers.map(() => [200, true]));
  // What was never in memory cannot be told, and is not made up from the shared flags.
  const cold = await evaluate(never.name, unknown);
  expect([cold.status, cold.body.code, cold.headers.get('retry-after')]).toEqual([
    503,
    'database_unavailable',
    '1',
  ]);
  const write = await ask('POST', `${FLAGS}/${flag.id}/disable`);
  expect([write.status, write.body.code]).toEqual([503, 'database_unavailable']);

  // Meanwhile another replica, which reaches the database, goes on.
  for (const { id } of [flag, own])
    await api.put(`${FLAGS}/${id}`, { default_value: 'meanwhile', rollout_value: 'meanwhile' });
  const added = await aFlag(api, { default_value: 'new' });
  expect([(await evaluate(flag.name)).body.value, (await evaluate(added.name)).status]).toEqual([
    'before',
    404,
  ]);

  line.mend();
  for (const [name, tenant, value] of [
    [flag.name, null, 'meanwhile'],
    [own.name, known, 'meanwhile'],
    [added.name, null, 'new'],
    [never.name, unknown, 'own'],
  ] as const)
    await eventually(
      () => evaluate(name, tenant),
      (answer) => answer.body.value === value && !isStale(answer),
    );
});

it('loses no change and no count when the line is cut again and again', async () => {
  const flag = await aFlag(api, { default_value: 0 });
  await eventually(
    () => evaluate(flag.name),
    ({ status }) => status === 200,
  );
  let counted = 0;
  for (let time = 1; time <= 3; time += 1) {
    line.cut();
    await eventually(
      () =>
        service.app
          .get(FlagUsage, { strict: false })
          .flush()
          .then(
            () => 'written',
            () => 'away',
          ),
      (outcome) => outcome === 'away',
    );
    await api.put(`${FLAGS}/${flag.id}`, { default_value: time, rollout_value: time });
    expect((await evaluate(flag.name)).body.value).toBe(time - 1);
    counted += 1;
    line.mend();
    await eventually(
      async () => {
        const answer = await evaluate(flag.name);
        counted += 1;
        return answer;
      },
      ({ body }) => body.value === time,
    );
  }
  const usage = await eventually(
    () =>
      service.app
        .get(FlagUsage, { strict: false })
        .flush()
        .then(() => api.get(`${FLAGS}/${flag.id}/usage`)),
    ({ status }) => status === 200,
  );
  expect(usage.body.total).toBeGreaterThanOrEqual(counted);
});

it('reads a changed flag again and again until that succeeds, and says meanwhile that it may be old', async () => {
  const flag = await aFlag(api, { default_value: 'before' });
  const owner = new pg.Client({ connectionString: api.database.url });
  await owner.connect();
  const ask = () => api.post(`${FLAGS}/evaluate`, { name: flag.name, context: {} });
  try {
    await owner.query('revoke select on feature_flags.flag from metastore_app');
    // As another replica commits it: the row, and the change log with the next revision.
    await owner.query(
      `with written as (
         update feature_flags.flag set version = 2, definition = replace(definition::text, 'before', 'after')::json
         where id = $1 returning id, name
       ), head as (
         update platform.stream_head set revision = revision + 1 where tenant = '_shared' returning revision
       )
       insert into platform.change_log (tenant, revision, sub, aggregate_type, aggregate_id, aggregate_version, type,
         subject, actor, occurred_at)
       select '_shared', head.revision, 0, 'feature_flags.flag', written.id, 2, 'updated', written.name, 'test', now()
       from head, written`,
      [flag.id],
    );
    const old = await eventually(ask, ({ headers }) => headers.get('x-metastore-stale') === 'true');
    const { body: health } = await api.get('/health');
    expect([old.body.value, health.parts.feature_flags.status]).toEqual(['before', 'degraded']);
  } finally {
    await owner.query('grant select on feature_flags.flag to metastore_app');
    await owner.end();
  }
  const { body } = await eventually(ask, ({ headers }) => !headers.has('x-metastore-stale'));
  expect([body.value, body.version]).toEqual(['after', 2]);
});
