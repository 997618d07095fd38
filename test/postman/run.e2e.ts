import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Runs a collection of one request, which expects a status, besides a folder that no run opens. */
async function run(status: number): Promise<{ code: unknown; text: string; totals: unknown }> {
  const request = { method: 'GET', url: '{{baseUrl}}/health' };
  const exec = [`pm.test('answers', () => pm.expect(pm.response.code).to.equal(${status}));`];
  const item = { name: 'Ask', request, event: [{ listen: 'test', script: { exec } }] };
  const byHand = {
    name: 'By hand',
    item: [{ ...item, event: [{ listen: 'test', script: { exec: ['x.y'] } }] }],
  };
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const [file, totals] = [join(folder, 'collection.json'), join(folder, 'totals.json')];
  await writeFile(file, JSON.stringify({ info: { name: 'x', schema }, item: [item, byHand] }));
  const args = [...PROGRAM, '--collection', file, '--totals', totals];
  const env = { ...process.env, METASTORE_URL: api.url, METASTORE_API_KEY: '' };
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
