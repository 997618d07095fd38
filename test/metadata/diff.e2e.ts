import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import type { Operation } from 'rfc6902';
import { TestApi } from '../api.js';
import { aKey, Entries, ENTRIES } from './entries.js';

const RUNS = 30;
/** What an entry says of itself; the rest changes with each version by itself. */
const SAID = [
  'namespace',
  'key',
  'content_type',
  'value',
  'tags',
  'description',
  'is_encrypted',
  'is_secret',
  'expires_at',
];

let api: TestApi;
const entries = new Entries(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const said = (state: any): any => state && Object.fromEntries(SAID.map((name) => [name, state[name]]));

async function diff(id: string, a: number, b: number): Promise<Operation[]> {
  const { status, body } = await api.get(`${ENTRIES}/${id}/versions/${a}/diff/${b}`);
  expect(status).toBe(200);
  return body;
}

const stateAt = async (id: string, version: number): Promise<any> =>
  said((await api.get(`${ENTRIES}/${id}/versions/${version}`)).body.state);

/** The patch from a to b, put on what the entry was in a, gives what it was in b. */
async function expectPatchFits(id: string, a: number, b: number): Promise<void> {
  const document = { root: await stateAt(id, a) };
  const patch = (await diff(id, a, b)).map((step) => ({ ...step, path: `/root${step.path}` }) as Operation);
  expect(applyPatch(document, patch)).toEqual(patch.map(() => null));
  expect(document.root).toEqual(await stateAt(id, b));
}

describe('the difference of two versions', () => {
  it('makes the second out of the first, whatever changed, forwards and backwards', async () => {
    const entry = await entries.create({
      value: { a: 1, 'x/y~z': [1, 2, 3], '': { deep: true } },
      tags: ['a', 'b'],
    });
    await entries.change(entry.id, {
      value: { a: 1, 'x/y~z': [3, 2], '': { deep: null } },
      tags: ['b', 'c'],
    });
    await entries.change(entry.id, { key: aKey(), namespace: 'other', description: 'd' });
    await entries.change(entry.id, {
      content_type: 'text',
      value: 'a: b',
      expires_at: '2099-01-01T00:00:00Z',
    });
    await entries.change(entry.id, { content_type: 'yaml', value: 'a: b', is_encrypted: true });
    await entries.change(entry.id, { value: 'x', is_secret: true, tags: [] });
    await api.post(`${ENTRIES}/${entry.id}/rollback/2`, {});
    await api.delete(`${ENTRIES}/${entry.id}`);
    for (let a = 1; a <= 8; a += 1) for (let b = 1; b <= 8; b += 1) await expectPatchFits(entry.id, a, b);
  });

  it('is a law for any two JSON values', async () => {
    const values = fc
      .jsonValue({ maxDepth: 3 })
      .filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)));
    const { id } = await entries.create();
    const law = fc.asyncProperty(values, values, async (before, after) => {
      const [a, b] = [
        await entries.change(id, { value: before }),
        await entries.change(id, { value: after }),
      ];
      await expectPatchFits(id, a.version, b.version);
    });
    await fc.assert(law, { numRuns: RUNS });
  });

  it('names only what changed', async () => {
    const { id } = await entries.create({ value: { keep: [1, 2], change: 1, gone: true } });
    await entries.change(id, { value: { keep: [1, 2], change: 2, new: null }, description: 'd' });
    const patch = await diff(id, 1, 2);
    expect(patch).toHaveLength(4);
    expect(patch).toEqual(
      expect.arrayContaining([
        { op: 'replace', path: '/description', value: 'd' },
        { op: 'replace', path: '/value/change', value: 2 },
        { op: 'remove', path: '/value/gone' },
        { op: 'add', path: '/value/new', value: null },
      ]),
    );
    expect(await diff(id, 1, 1)).toEqual([]);
  });

  it('is soon told for long arrays with nothing in common', async () => {
    const numbers = (first: number): number[] => Array.from({ length: 20_000 }, (_, index) => first + index);
    const { id } = await entries.create({ value: numbers(0) });
    await entries.change(id, { value: numbers(50_000) });
    await expectPatchFits(id, 1, 2);
  });

  it('gives a value whole and exactly when it has a number that no double carries', async () => {
    const first = '{"n":12345678901234567890,"m":1}';
    const second = '{"n":12345678901234567891,"m":1}';
    const { body: entry } = await api.post(ENTRIES, `{"key":"${aKey()}","value":${first}}`);
    await api.put(`${ENTRIES}/${entry.id}`, `{"value":${second}}`);
    const forwards = await api.get(`${ENTRIES}/${entry.id}/versions/1/diff/2`);
    expect(forwards.text).toBe(`[{"op":"replace","path":"/value","value":${second}}]`);
    const backwards = await api.get(`${ENTRIES}/${entry.id}/versions/2/diff/1`);
    expect(backwards.text).toBe(`[{"op":"replace","path":"/value","value":${first}}]`);
  });

  it('tells apart what only looks the same as a number', async () => {
    const { body: entry } = await api.post(ENTRIES, `{"key":"${aKey()}","value":1.0}`);
    await api.put(`${ENTRIES}/${entry.id}`, '{"value":1}');
    const { text } = await api.get(`${ENTRIES}/${entry.id}/versions/2/diff/1`);
    expect(text).toBe('[{"op":"replace","path":"/value","value":1.0}]');
  });

  it('never shows a secret', async () => {
    const { id } = await entries.create({ value: { password: 'marker-1' }, is_secret: true });
    await entries.change(id, { value: { password: 'marker-2' }, description: 'rotated' });
    await entries.change(id, { value: { open: true }, is_secret: false });
    for (const [a, b] of [
      [1, 2],
      [2, 1],
      [2, 3],
      [3, 1],
    ]) {
      const { status, text } = await api.get(`${ENTRIES}/${id}/versions/${a}/diff/${b}`);
      expect([status, text.includes('marker')]).toEqual([200, false]);
    }
    expect(await diff(id, 1, 2)).toEqual([{ op: 'replace', path: '/description', value: 'rotated' }]);
    expect(await diff(id, 3, 2)).toContainEqual({ op: 'replace', path: '/value', value: '***REDACTED***' });
  });

  it('to the version that took the entry away replaces all with nothing', async () => {
    const { id } = await entries.create();
    await api.delete(`${ENTRIES}/${id}`);
    expect(await diff(id, 1, 2)).toEqual([{ op: 'replace', path: '', value: null }]);
    expect(await diff(id, 2, 1)).toEqual([{ op: 'replace', path: '', value: await stateAt(id, 1) }]);
  });

  it('is 404 with a version that is not there and 400 with one that cannot be', async () => {
    const { id } = await entries.create();
    for (const pair of ['1/diff/2', '2/diff/1']) {
      const { status, body } = await api.get(`${ENTRIES}/${id}/versions/${pair}`);
      expect([pair, status, body.code]).toEqual([pair, 404, 'version_not_found']);
    }
    const { status, body } = await api.get(`${ENTRIES}/${id}/versions/1/diff/x`);
    expect([status, body.errors[0].pointer]).toEqual([400, '/b']);
  });
});
