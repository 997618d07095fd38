import { createTestDatabase } from '../test-database.js';
import type { TestDatabase } from '../test-database.js';
import { FakeKinesis } from '../platform/fake-kinesis.js';
import type { Verdict } from '../platform/fake-kinesis.js';
import { Chance, trialSeed } from './chance.js';
import { readLog } from './log.js';
import { whileMoreComes } from './patience.js';
import type { LogLine } from './question.js';
import { Replicas } from './replicas.js';
import { versionsBy } from './versions.js';
import { Writing } from './writing.js';

const EVENTS = 1_000;
const KILLED_AFTER = 0.4;
const REFUSED_PERCENT = 4;
const THROTTLED_PERCENT = 25;
const AWS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-west-1' };

jest.setTimeout(30 * 60_000); // For what hangs: how long it takes is a matter of the machine.

describe('Kinesis that throttles, refuses and breaks off, while the process that sends to it is killed', () => {
  const seed = trialSeed();
  const chance = new Chance(seed, 'kinesis');
  const kinesis = new FakeKinesis();
  const ids = new Set<string>();
  let looked = 0;
  let database: TestDatabase;
  let replicas: Replicas;
  let log: LogLine[];
  let takenBefore: number;

  beforeAll(async () => {
    database = await createTestDatabase();
    kinesis.judge = ({ length }) => judged(length);
    const env = { ...AWS, KINESIS_STREAM: 'events', KINESIS_ENDPOINT: await kinesis.start() };
    replicas = await Replicas.start(database, 1, env); // Alone it is the one that sends.
    await whileMoreComes(
      () => 0,
      () => kinesis.taken.length > 0,
    );
    await replicas.add();
    const writing = new Writing({
      ...{ seed, replicas, events: EVENTS },
      ...{ streams: ['one', 'two', null], batchPercent: 3 },
    });
    await Promise.all([writing.run(), killOne(writing)]);
    log = await readLog(database);
    await whileMoreComes(countTaken, () => countTaken() >= log.length);
  });

  afterAll(async () => {
    await replicas?.stop();
    await kinesis.stop();
    await database?.drop();
  });

  /** Each event once. Looks at what came since it was asked last. */
  function countTaken(): number {
    for (; looked < kinesis.taken.length; looked += 1) ids.add(kinesis.taken[looked]?.event.id);
    return ids.size;
  }

  function judged(length: number): Verdict {
    if (chance.percent(REFUSED_PERCENT)) return 'reset';
    if (chance.percent(REFUSED_PERCENT)) return { status: 500, type: 'InternalFailure' };
    if (chance.percent(REFUSED_PERCENT)) return { status: 400, type: 'LimitExceededException' };
    const codeOf = (): string | null =>
      chance.percent(THROTTLED_PERCENT) ? 'ProvisionedThroughputExceededException' : null;
    return { codes: Array.from({ length }, codeOf) };
  }

  async function killOne(writing: Writing): Promise<void> {
    await writing.reached(KILLED_AFTER);
    takenBefore = kinesis.taken.length;
    await replicas.all[0]?.kill();
  }

  it('gets everything from one process after the other', () => {
    countTaken();
    const missing = log.map(({ stream, revision, sub }) => `${stream}-${revision}-${sub}`);
    expect({ seed, missing: missing.filter((id) => !ids.has(id)).slice(0, 5) }).toEqual({
      seed,
      missing: [],
    });
    expect(takenBefore).toBeGreaterThan(0);
    expect(kinesis.taken.length).toBeGreaterThan(takenBefore);
  });

  it('takes each key in the order in which it was written, however often it is told again', () => {
    const expected = versionsBy(log);
    const known = new Set<string>();
    const firsts = kinesis.taken.filter(({ event }) => !known.has(event.id) && known.add(event.id));
    const taken = versionsBy(firsts.map(({ key, event }) => ({ id: key, version: event.data.version })));
    const wrong = [...expected].filter(([key, versions]) => taken.get(key)?.join() !== versions.join());
    expect({
      seed,
      wrong: wrong.slice(0, 3).map(([key, versions]) => [key, versions, taken.get(key)]),
    }).toEqual({
      seed,
      wrong: [],
    });
  });

  it('never gets one key twice in one call', () => {
    const twice = kinesis.calls.filter(({ keys }) => new Set(keys).size < keys.length);
    expect({ seed, twice: twice.length }).toEqual({ seed, twice: 0 });
  });
});
