import { Webhook } from 'standardwebhooks';
import { administer, createTestDatabase } from '../test-database.js';
import type { TestDatabase } from '../test-database.js';
import { trialSeed } from './chance.js';
import { readLog } from './log.js';
import { whileMoreComes } from './patience.js';
import type { LogLine } from './question.js';
import { Replicas } from './replicas.js';
import { versionsBy } from './versions.js';
import { takes, WebhookReceiver } from './webhook-receiver.js';
import type { Manner } from './webhook-receiver.js';
import { Writing } from './writing.js';

const EVENTS = 400; // To each of eight, one by one.
const KILLED_AFTER = 0.4;
const SLOW_MS = 60;
const KINDS = ['metadata.entry', 'feature_flags.flag', 'devices.device'];
const ENV = { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_TIMEOUT_MS: '2000' };
const HASTEN = 'update webhooks.delivery set due_at = now() where due_at > now()';

jest.setTimeout(30 * 60_000); // For what hangs: how long it takes is a matter of the machine.

const HEALTHY = ['one', 'another', 'slow'] as const;
const FAULTY = ['answers 500', 'hangs', 'redirects', 'resets', 'never ends'] as const;

describe('receivers of webhooks, well and ill, while one of two processes that tell them is killed', () => {
  const seed = trialSeed();
  const receivers = new Map<string, WebhookReceiver>();
  const secrets = new Map<string, string>();
  let trap: WebhookReceiver;
  let database: TestDatabase;
  let replicas: Replicas;
  let log: LogLine[];

  const receiverOf = (name: string): WebhookReceiver => receivers.get(name) as WebhookReceiver;
  const isTold = (name: string): boolean => receiverOf(name).ids.size >= log.length;
  const toldAll = (names: readonly string[]): Promise<void> =>
    whileMoreComes(
      () => names.reduce((sum, name) => sum + receiverOf(name).taken.length, 0),
      () => names.every(isTold),
      120_000,
    );

  beforeAll(async () => {
    database = await createTestDatabase();
    replicas = await Replicas.start(database, 2, ENV);
    trap = await WebhookReceiver.start();
    for (const [name, manner] of Object.entries(mannersOf(trap.url))) {
      const receiver = await WebhookReceiver.start(manner);
      receivers.set(name, receiver);
      secrets.set(name, await declare(receiver.url));
    }
    const writing = new Writing({
      ...{ seed, replicas, events: EVENTS, streams: ['one'], batchPercent: 2 },
    });
    await Promise.all([writing.run(), writing.reached(KILLED_AFTER).then(() => replicas.all[0]?.kill())]);
    log = (await readLog(database)).filter(({ stream, kind }) => stream === 'one' && KINDS.includes(kind));
    await toldAll(HEALTHY);
  });

  afterAll(async () => {
    await replicas?.stop();
    await Promise.all([trap, ...receivers.values()].map((receiver) => receiver?.stop()));
    await database?.drop();
  });

  /** How long somebody is left alone who failed again and again, is known to the process that told it. */
  async function replaceOne(): Promise<void> {
    const before = replicas.all[1];
    await replicas.add();
    expect(await before?.stop()).toBe(0);
  }

  async function declare(url: string): Promise<string> {
    const response = await fetch(`${replicas.all[1]?.url}/api/v1/webhooks`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ tenant_id: 'one', url, aggregate_types: KINDS }),
    });
    const body: any = await response.json();
    if (response.status !== 201) throw new Error(JSON.stringify(body));
    return body.secret;
  }

  function expectAll(name: string): void {
    const ids = new Set<string>();
    const secret = new Webhook(secrets.get(name) as string);
    const events = receiverOf(name)
      .taken.filter(
        ({ headers }) => !ids.has(String(headers['webhook-id'])) && ids.add(String(headers['webhook-id'])),
      )
      .map(({ headers, text }) => secret.verify(text, headers as Record<string, string>) as any);
    const told = versionsBy(events.map(({ data }) => data));
    const wrong = [...versionsBy(log)].filter(([id, versions]) => told.get(id)?.join() !== versions.join());
    expect({
      ...{ seed, name, count: events.length },
      wrong: wrong.slice(0, 3).map(([id, versions]) => [id, versions, told.get(id)]),
    }).toEqual({ seed, name, count: log.length, wrong: [] });
  }

  it.each(HEALTHY)('those that take what comes, %s: everything, each aggregate in its order', (name) => {
    expectAll(name);
  });

  it('those that fail took nothing yet, and nobody followed a redirect', () => {
    expect(FAULTY.map((name) => receiverOf(name).taken.length)).toEqual(FAULTY.map(() => 0));
    expect(FAULTY.map((name) => receiverOf(name).refused > 0)).toEqual(FAULTY.map(() => true));
    expect(trap.taken).toHaveLength(0);
  });

  it('those that failed and are well again: everything, each aggregate in its order', async () => {
    for (const name of FAULTY) receiverOf(name).heal();
    await replaceOne();
    const hastening = setInterval(() => void administer(database.url, HASTEN), 1_000); // No test waits for three days.
    await toldAll(FAULTY).finally(() => clearInterval(hastening));
    for (const name of FAULTY) expectAll(name);
  });
});

const mannersOf = (trap: string): Readonly<Record<string, Manner>> => ({
  one: takes,
  another: takes,
  slow: (reply) => void setTimeout(() => takes(reply), SLOW_MS),
  'answers 500': (reply) => void reply.writeHead(500).end(),
  hangs: () => undefined,
  redirects: (reply) => void reply.writeHead(307, { Location: trap }).end(),
  resets: (reply) => void reply.destroy(),
  'never ends': (reply) => void reply.writeHead(500).write('…'),
});
