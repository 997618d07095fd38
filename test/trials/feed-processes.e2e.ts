import { createTestDatabase } from '../test-database.js';
import type { TestDatabase } from '../test-database.js';
import { Chance, trialSeed } from './chance.js';
import { readLog } from './log.js';
import { PageReader } from './page-reader.js';
import { answerTo } from './question.js';
import type { LogLine, Question } from './question.js';
import { Replicas } from './replicas.js';
import { firstDifference } from './seen.js';
import { StreamReader } from './stream-reader.js';
import { Writing } from './writing.js';

/** With fewer it is sooner over, and a race that is seldom lost is seldom found. */
const EVENTS = Number(process.env['TRIAL_EVENTS'] ?? 20_000);
/** Most events come of few requests, most requests are one event: those race. */
const BATCH_PERCENT = 0.5;
const BULK_PERCENT = 1;
/** After this part of the events one process is killed, after that another one takes its place. */
const KILLED_AFTER = 0.4;
const REPLACED_AFTER = 0.55;
/** A reader to which nothing comes for so long, though there is more in the log, is not waited for. */
const PATIENCE_MS = 45_000;
const TENANTS = ['one', 'two', 'three'] as const;
const SHARED = '_shared';

jest.setTimeout(30 * 60_000); // For what hangs: how long it takes is a matter of the machine.

type Reader = PageReader | StreamReader;

const QUESTIONS: Readonly<Record<string, Question>> = {
  'one tenant': { query: { tenant_id: 'one' }, streams: ['one'] },
  'the shared rows': { query: {}, streams: [SHARED] },
  'a tenant and the shared rows': {
    query: { tenant_id: 'two', include_shared: 'true' },
    streams: ['two', SHARED],
  },
  'a kind of aggregate': {
    query: { tenant_id: 'two', include_shared: 'true', aggregate_type: 'devices.device,budget.payee' },
    streams: ['two', SHARED],
    fits: ({ kind }) => kind === 'devices.device' || kind === 'budget.payee',
  },
  'two types': {
    query: {
      tenant_id: 'three',
      types: 'io.metastore.metadata.entry.created.v1,io.metastore.metadata.entry.deleted.v1',
    },
    streams: ['three'],
    fits: ({ kind, type }) => kind === 'metadata.entry' && (type === 'created' || type === 'deleted'),
  },
  'the beginning of a subject': {
    query: { tenant_id: 'three', prefix: 'n7/' },
    streams: ['three'],
    fits: ({ subject }) => subject.startsWith('n7/'),
  },
};
const HOW = ['page by page', 'as a stream', 'as a stream, slowly'] as const;
const READERS = Object.keys(QUESTIONS).flatMap((name) =>
  HOW.filter((how) => how !== 'as a stream, slowly' || name === 'one tenant').map(
    (how) => [name, how] as const,
  ),
);

describe('readers of the feed on two processes, of which one is killed while eight write', () => {
  const seed = trialSeed();
  const readers = new Map<string, Reader>();
  let database: TestDatabase;
  let replicas: Replicas;
  let writing: Writing;
  let log: LogLine[];
  let isFailed = false;

  beforeAll(async () => {
    database = await createTestDatabase();
    replicas = await Replicas.start(database, 2);
    writing = new Writing({
      ...{ seed, replicas, events: EVENTS },
      ...{ streams: [...TENANTS, null], batchPercent: BATCH_PERCENT, bulkPercent: BULK_PERCENT },
    });
    let goals: ReadonlyMap<Reader, number> | null = null;
    const reading = READERS.map(([name, how]) => {
      const reader = readerOf(name, how);
      readers.set(`${name} ${how}`, reader);
      return reader.readUntil(
        untilReached(
          reader,
          () => goals,
          () => isFailed,
        ),
      );
    });
    await Promise.race([Promise.all([writing.run(), killOne()]), ...reading]).catch((error: unknown) => {
      isFailed = true;
      writing.end();
      throw error;
    });
    log = await readLog(database);
    goals = new Map(
      READERS.map(([name, how]) => [readerNamed(name, how), answerTo(questionOf(name), log).length]),
    );
    await Promise.all(reading);
  });

  afterAll(async () => {
    await replicas?.stop();
    await database?.drop();
  });

  const questionOf = (name: string): Question => QUESTIONS[name] as Question;
  const readerNamed = (name: string, how: string): Reader => readers.get(`${name} ${how}`) as Reader;

  function readerOf(name: string, how: string): Reader {
    const chance = new Chance(seed, `${name} ${how}`);
    if (how === 'page by page') return new PageReader(questionOf(name), replicas, chance);
    return new StreamReader(questionOf(name), replicas, chance, how === 'as a stream, slowly');
  }

  async function killOne(): Promise<void> {
    await writing.reached(KILLED_AFTER);
    await replicas.all[0]?.kill();
    await writing.reached(REPLACED_AFTER);
    await replicas.add();
  }

  it('write as many events as they should, and the log has what they were told, and nothing else', () => {
    const ours = log.filter(({ kind }) => kind !== 'devices.device_type'); // Those of every installation.
    const inLog = new Set(ours.map(({ id, version }) => `${id}@${version}`));
    const { acknowledged } = writing;
    const told = new Set(acknowledged);
    expect({
      seed,
      isEnough: acknowledged.length >= EVENTS,
      twice: [acknowledged.length - told.size, ours.length - inLog.size],
      lost: acknowledged.filter((change) => !inLog.has(change)).slice(0, 5),
      unknown: [...inLog].filter((change) => !told.has(change)).slice(0, 5),
    }).toEqual({ seed, isEnough: true, twice: [0, 0], lost: [], unknown: [] });
  });

  it('leave revisions without a gap, and in each transaction numbers without a gap', () => {
    const gaps = log.filter(({ stream, revision, sub }, index) => {
      const before = log[index - 1];
      const isNew = before?.stream !== stream;
      const isNext = !isNew && revision === before.revision + 1 && sub === 0;
      const isSame = !isNew && revision === before.revision && sub === before.sub + 1;
      return isNew ? revision !== 1 || sub !== 0 : !isNext && !isSame;
    });
    expect({ seed, gaps: gaps.slice(0, 3) }).toEqual({ seed, gaps: [] });
    expect([...new Set(log.map(({ stream }) => stream))].sort()).toEqual([SHARED, ...TENANTS].sort());
  });

  it('change each aggregate one version after the other', () => {
    const versions = new Map<string, number>();
    const wrong = log.filter(({ id, version }) => {
      const expected = (versions.get(id) ?? 0) + 1;
      versions.set(id, version);
      return version !== expected;
    });
    expect({ seed, wrong: wrong.slice(0, 3) }).toEqual({ seed, wrong: [] });
  });

  it.each(READERS)('%s, %s: each event once, and in its order', (name, how) => {
    const expected = answerTo(questionOf(name), log);
    const reader = readerNamed(name, how);
    for (const stream of questionOf(name).streams)
      expect({ seed, wrong: firstDifference(reader.seen, stream, expected) }).toEqual({ seed, wrong: null });
  });

  it('tear readers off again and again', () => {
    const cuts = [...readers.values()].reduce((sum, reader) => sum + reader.cuts, 0);
    expect(cuts).toBeGreaterThan(READERS.length);
  });

  it.each([...TENANTS, null])('leave a chain of hashes that is whole in the stream of %s', async (tenant) => {
    const query = new URLSearchParams(tenant === null ? {} : { tenant_id: tenant }).toString();
    const verdict: any = await (await fetch(`${replicas.all[1]?.url}/api/v1/audit/verify?${query}`)).json();
    const covered = log.filter(
      ({ stream, revision }) => stream === (tenant ?? SHARED) && revision > verdict.chained_from,
    );
    expect({ seed, ...verdict }).toMatchObject({
      seed,
      ok: true,
      broken: null,
      checked_rows: covered.length,
    });
  });

  it('ended one process in the middle, and the others as they were asked to', async () => {
    expect([seed, ...(await replicas.stop())]).toEqual([seed, null, 0, 0]);
  });
});

/** True when the reader has as many as there are, or when no more come to it. */
function untilReached(
  reader: Reader,
  goals: () => ReadonlyMap<Reader, number> | null,
  hasFailed: () => boolean,
): () => boolean {
  let count = -1;
  let since = 0;
  return () => {
    const goal = goals()?.get(reader);
    if (goal === undefined) return hasFailed();
    if (reader.seen.count !== count) {
      count = reader.seen.count;
      since = performance.now();
    }
    return count >= goal || performance.now() - since > PATIENCE_MS;
  };
}
