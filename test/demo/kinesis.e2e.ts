import { runKinesisDemo } from '../../demo/kinesis-demo.js';
import { createEmptyDatabase } from '../test-database.js';
import type { TestDatabase } from '../test-database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createEmptyDatabase();
});

afterAll(() => database.drop());

it('shows every change of the demonstration in Kinesis, in order for each key, and leaves the environment as it was', async () => {
  const before = { ...process.env };
  const lines: string[] = [];
  const isWhole = await runKinesisDemo({
    databaseUrl: database.url,
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
  const arrived = lines
    .map((line) => /^(\d+) of (\d+) changes arrived in Kinesis\.$/.exec(line))
    .find(Boolean);
  expect([isWhole, lines]).toEqual([true, lines]);
  expect(Number(arrived?.[1])).toBeGreaterThanOrEqual(4 + 3 + 2); // The service itself changes something at its first start.
  expect(arrived?.[2]).toBe(arrived?.[1]);
  expect(lines.filter((line) => /^ {2}[0-9a-f-]{36}: /.test(line)).map((line) => line.slice(40))).toEqual(
    expect.arrayContaining(['1, 2, 3, 4', '1, 2, 3', '1, 2']),
  );
  expect(process.env).toEqual(before);
});

it('ends early when it is told to, and stops what it started', async () => {
  const stop = new AbortController();
  const running = runKinesisDemo({
    databaseUrl: database.url,
    print: () => stop.abort(),
    signal: stop.signal,
  });
  await expect(running).rejects.toThrow(/abort/i);
});
