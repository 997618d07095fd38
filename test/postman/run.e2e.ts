import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ONLY_WITH_RECEIVER } from '../../postman/script.js';
import { TestApi } from '../api.js';

const PROJECT = join(import.meta.dirname, '../..');
const START = `require(${JSON.stringify(join(PROJECT, 'postman/run.ts'))})`;
const PROGRAM = ['-r', join(PROJECT, 'test/jest/register.cjs'), '-e', START, '--'];

let api: TestApi;
let folder: string;

beforeAll(async () => {
  api = await TestApi.start();
  folder = await mkdtemp(join(tmpdir(), 'metastore-newman-'));
});

afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a collection of one request, which expects a status and a receiver, besides a folder that no run opens. */
async function run(
  status: number,
  receiver = 'http://127.0.0.1:9/',
): Promise<{ code: unknown; text: string; totals: unknown }> {
  const request = { method: 'GET', url: '{{baseUrl}}/health' };
  const exec = [`pm.test('answers', () => pm.expect(pm.response.code).to.equal(${status}));`];
  const before = { listen: 'prerequest', script: { exec: ONLY_WITH_RECEIVER } };
  const item = { name: 'Ask', request, event: [{ listen: 'test', script: { exec } }, before] };
  const variable = [{ key: 'receiverUrl', value: 'https://receiver.invalid/' }];
  const byHand = {
    name: 'By hand',
    item: [{ ...item, event: [{ listen: 'test', script: { exec: ['x.y'] } }] }],
  };
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const [file, totals] = [join(folder, 'collection.json'), join(folder, 'totals.json')];
  await writeFile(file, JSON.stringify({ info: { name: 'x', schema }, variable, item: [item, byHand] }));
  const args = [...PROGRAM, '--collection', file, '--totals', totals];
  const service = { METASTORE_URL: api.url, METASTORE_API_KEY: '', METASTORE_RECEIVER_URL: receiver };
  const env = { ...process.env, ...service };
  const [code, text] = await new Promise<[unknown, string]>((resolve) => {
    execFile(process.execPath, args, { cwd: PROJECT, env }, (error, out, err) =>
      resolve([error?.code ?? 0, out + err]),
    );
  });
  return { code, text, totals: JSON.parse(await readFile(totals, 'utf8').catch(() => 'null')) };
}

it('ends well when every assertion holds', async () => {
  const { code, text, totals } = await run(200);
  expect([code, totals]).toEqual([0, { passed: 1, failed: 0 }]);
  expect(text).toContain('1 requests, 0 failed; 1 assertions, 0 failed');
});

it('ends with 1 and names the request when one does not', async () => {
  const { code, text, totals } = await run(201);
  expect([code, totals]).toEqual([1, { passed: 0, failed: 1 }]);
  expect(text).toContain('Ask: answers: expected 200 to equal 201');
});

it('skips what needs a receiver where there is none, and does not call that a success', async () => {
  const { code, text, totals } = await run(200, '');
  expect([code, totals]).toEqual([1, { passed: 0, failed: 0 }]);
  expect(text).toContain('0 assertions');
});
