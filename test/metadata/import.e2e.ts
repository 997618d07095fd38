import { TestApi } from '../api.js';
import { aTenant, Entries, ENTRIES } from './entries.js';
import { Imports, line, NDJSON, NOTHING } from './imports.js';

let api: TestApi;
const entries = new Entries(() => api);
const imports = new Imports(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** Keys and values of a tenant's own entries. */
async function valuesOf(tenant: string): Promise<Record<string, unknown>> {
  const { text } = await api.get(`${ENTRIES}/export?tenant_id=${tenant}`);
  const exported = text.split('\n').flatMap((each) => (each === '' ? [] : [JSON.parse(each)]));
  return Object.fromEntries(exported.map(({ namespace, key, value }) => [`${namespace}/${key}`, value]));
}

const countEvents = async (tenant: string): Promise<number> => (await entries.eventsOf(tenant)).length;

describe('merging', () => {
  it('makes each entry what its line says, and leaves the others', async () => {
    const tenant_id = aTenant();
    await entries.create({ tenant_id, key: 'changed', value: 'old', tags: ['t'], description: 'd' });
    await entries.create({ tenant_id, key: 'same', value: 1 });
    await entries.create({ tenant_id, key: 'other', value: 'stays' });
    const body =
      line({ key: 'new', namespace: 'n', value: 1 }) +
      line({ key: 'changed', value: 'new', change_reason: 'imported' }) +
      line({ key: 'same', value: 1 });
    expect(await imports.report({ tenant_id }, body)).toEqual({
      ...NOTHING,
      created: 1,
      updated: 1,
      unchanged: 1,
    });
    expect(await valuesOf(tenant_id)).toEqual({
      'default/changed': 'new',
      'default/other': 'stays',
      'default/same': 1,
      'n/new': 1,
    });
    const changed = (await api.get(`${ENTRIES}/key/changed?tenant_id=${tenant_id}`)).body;
    expect(changed).toMatchObject({ version: 2, tags: [], description: null });
    const { items } = (await api.get(`${ENTRIES}/${changed.id}/versions`)).body;
    expect(items[0].change_reason).toBe('imported');
  });

  it('takes the last of two lines of one key', async () => {
    const tenant_id = aTenant();
    const body = line({ key: 'k', value: 1 }) + line({ key: 'k', value: 2 }) + line({ key: 'k', value: 2 });
    expect(await imports.report({ tenant_id }, body)).toEqual({
      ...NOTHING,
      created: 1,
      updated: 1,
      unchanged: 1,
    });
    expect(await valuesOf(tenant_id)).toEqual({ 'default/k': 2 });
  });

  it('is seen at once by key', async () => {
    const tenant_id = aTenant();
    await entries.create({ tenant_id, key: 'k', value: 'old' });
    const byKey = `${ENTRIES}/key/k?tenant_id=${tenant_id}`;
    expect((await api.get(byKey)).body.value).toBe('old');
    await imports.report({ tenant_id }, line({ key: 'k', value: 'new' }));
    expect((await api.get(byKey)).body.value).toBe('new');
  });

  it('reports each line with a mistake by its number and takes the others', async () => {
    const tenant_id = aTenant();
    const lines = [
      '{"key":"a","value":1}',
      '{"key":"b","value":',
      '',
      '{"key":"1 bad","value":1,"extra":true}',
      '1',
      'null',
      '{"key":"c"}',
      '{"key":"d","value":"%","content_type":"binary"}',
      '{"key":"e","value":{"x":1,"x":2}}',
      '  \t',
      '{"key":"f","value":2}',
    ];
    const report = await imports.report({ tenant_id }, lines.join('\n'));
    expect(report).toMatchObject({ created: 2, updated: 0, unchanged: 0, deleted: 0, failed: 7 });
    expect(report.errors.map(({ line: number, code }: any) => [number, code])).toEqual(
      [2, 4, 5, 6, 7, 8, 9].map((number) => [number, 'invalid_input']),
    );
    const pointersOf = (number: number): string[] =>
      report.errors
        .find((error: any) => error.line === number)
        .errors.map(({ pointer }: any) => pointer)
        .sort();
    expect([4, 5, 6, 7, 8].map(pointersOf)).toEqual([['/extra', '/key'], [''], [''], ['/value'], ['/value']]);
    expect(await valuesOf(tenant_id)).toEqual({ 'default/a': 1, 'default/f': 2 });
  });

  it('takes a list for no entry', async () => {
    const report = await imports.report({ tenant_id: aTenant() }, '[]\n[{"key":"a","value":1}]\n');
    const mistake = { pointer: '', code: 'type', detail: 'A line is a JSON object.' };
    expect(report.errors.map(({ errors }: any) => errors)).toEqual([[mistake], [mistake]]);
  });

  it.each([
    ['with CR LF', '{"key":"a","value":1}\r\n{"key":"b","value":2}\r\n'],
    ['without an end of the last line', '{"key":"a","value":1}\n{"key":"b","value":2}'],
    ['with empty lines', '\n\n{"key":"a","value":1}\n\r\n \n{"key":"b","value":2}\n\n'],
    ['with white space', ' {"key" : "a", "value" : 1}\t\n\t{"key":"b","value":2} '],
  ])('takes lines %s', async (_, body) => {
    const tenant_id = aTenant();
    expect(await imports.report({ tenant_id }, body)).toEqual({ ...NOTHING, created: 2 });
    expect(await valuesOf(tenant_id)).toEqual({ 'default/a': 1, 'default/b': 2 });
  });

  it('refuses a line that is not UTF-8', async () => {
    const tenant_id = aTenant();
    const bytes = Buffer.concat([
      Buffer.from('{"key":"a","value":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n{"key":"b","value":2}\n'),
    ]);
    const report = await imports.report({ tenant_id }, bytes);
    expect([report.created, report.errors[0].line, report.errors[0].code]).toEqual([1, 1, 'invalid_input']);
  });

  it('does nothing with nothing', async () => {
    const tenant_id = aTenant();
    expect(await imports.report({ tenant_id }, '\n')).toEqual(NOTHING);
  });
});

describe('replacing', () => {
  it('takes away what the import does not name, in its namespace', async () => {
    const [tenant_id, other] = [aTenant(), aTenant()];
    for (const key of ['a', 'b', 'c']) await entries.create({ tenant_id, namespace: 'n', key, value: 'old' });
    await entries.create({ tenant_id, namespace: 'n.more', key: 'a', value: 'old' });
    await entries.create({ tenant_id: other, namespace: 'n', key: 'a', value: 'old' });
    const body =
      line({ key: 'a', value: 'old' }) + line({ key: 'b', value: 'new' }) + line({ key: 'd', value: 1 });
    const report = await imports.report({ tenant_id, namespace: 'n', mode: 'replace' }, body);
    expect(report).toEqual({ ...NOTHING, created: 1, updated: 1, unchanged: 1, deleted: 1 });
    expect(await valuesOf(tenant_id)).toEqual({
      'n.more/a': 'old',
      'n/a': 'old',
      'n/b': 'new',
      'n/d': 1,
    });
    expect(await valuesOf(other)).toEqual({ 'n/a': 'old' });
  });

  it('of a whole tenant leaves the shared entries and those of others', async () => {
    const tenant_id = aTenant();
    const shared = await entries.create();
    for (const namespace of ['a', 'b']) await entries.create({ tenant_id, namespace, key: 'gone' });
    const report = await imports.report(
      { tenant_id, mode: 'replace' },
      line({ namespace: 'a', key: 'k', value: 1 }),
    );
    expect(report).toEqual({ ...NOTHING, created: 1, deleted: 2 });
    expect(await valuesOf(tenant_id)).toEqual({ 'a/k': 1 });
    expect((await api.get(`${ENTRIES}/${shared.id}`)).status).toBe(200);
  });

  it('deletes as a delete does: with a version, an event, and the key free', async () => {
    const tenant_id = aTenant();
    const entry = await entries.create({ tenant_id, key: 'gone', tags: ['t'] });
    expect((await api.get(`${ENTRIES}/key/gone?tenant_id=${tenant_id}`)).status).toBe(200);
    await imports.report({ tenant_id, mode: 'replace' }, line({ key: 'k', value: 1 }));
    expect((await api.get(`${ENTRIES}/key/gone?tenant_id=${tenant_id}`)).status).toBe(404);
    const { items } = (await api.get(`${ENTRIES}/${entry.id}/versions`)).body;
    expect(items[0]).toMatchObject({ version: 2, type: 'deleted', changed_by: 'anonymous' });
    await entries.create({ tenant_id, key: 'gone' });
  });

  it('deletes nothing when a line has a mistake', async () => {
    const tenant_id = aTenant();
    await entries.create({ tenant_id, key: 'a', value: 'old' });
    const report = await imports.report({ tenant_id, mode: 'replace' }, `${line({ key: 'b', value: 1 })}{\n`);
    expect(report).toMatchObject({ created: 1, deleted: 0, failed: 1 });
    expect(await valuesOf(tenant_id)).toEqual({ 'default/a': 'old', 'default/b': 1 });
  });
});

describe('a dry run', () => {
  it.each(['merge', 'replace'])('says what would happen, and does nothing: %s', async (mode) => {
    const tenant_id = aTenant();
    await entries.create({ tenant_id, key: 'changed', value: 'old' });
    await entries.create({ tenant_id, key: 'same', value: 1 });
    await entries.create({ tenant_id, key: 'other', value: 1 });
    const before = await valuesOf(tenant_id);
    const good =
      line({ key: 'new', value: 1 }) +
      line({ key: 'changed', value: 'new' }) +
      line({ key: 'same', value: 1 }) +
      line({ key: 'new', value: 2 });
    const query = { tenant_id, mode };
    const bad = await imports.report({ ...query, dry_run: 'true' }, `${good}{}\n`);
    expect(bad).toMatchObject({ dry_run: true, created: 1, updated: 2, unchanged: 1, deleted: 0, failed: 1 });
    expect(bad.errors).toMatchObject([{ line: 5, code: 'invalid_input' }]);
    const would = await imports.report({ ...query, dry_run: 'true' }, good);
    expect(await valuesOf(tenant_id)).toEqual(before);
    expect(await countEvents(tenant_id)).toBe(3);
    expect(await imports.report(query, good)).toEqual({ ...would, dry_run: false });
    expect(would.deleted).toBe(mode === 'replace' ? 1 : 0);
    expect(await countEvents(tenant_id)).toBe(6 + would.deleted);
  });
});

describe('the request of an import', () => {
  it('has a media type of lines', async () => {
    const body = line({ key: 'k', value: 1 });
    for (const type of ['application/json', 'text/plain', 'application/merge-patch+json', 'text/csv']) {
      const tenant_id = aTenant();
      const reply = await imports.send({ tenant_id }, body, { headers: { 'Content-Type': type } });
      expect([type, reply.status, reply.body.code]).toEqual([type, 415, 'unsupported_media_type']);
      expect(await valuesOf(tenant_id)).toEqual({});
    }
    for (const type of [`${NDJSON}; charset=utf-8`, 'application/jsonl']) {
      const reply = await imports.send({ tenant_id: aTenant() }, body, { headers: { 'Content-Type': type } });
      expect([type, reply.status]).toEqual([type, 200]);
    }
  });

  it('has a body, and parameters that there are', async () => {
    expect((await api.post(`${ENTRIES}/import`)).status).toBe(400);
    for (const [query, pointer] of [
      [{ mode: 'add' }, '/mode'],
      [{ dry_run: 'maybe' }, '/dry_run'],
      [{ dryrun: 'true' }, '/dryrun'],
      [{ tenant_id: 'No Slug' }, '/tenant_id'],
    ] as const) {
      const reply = await imports.send({ ...query } as Record<string, string>, '{}\n');
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, pointer]);
    }
  });

  it('needs the permission to write', async () => {
    const tenant_id = aTenant();
    const key = await api.key('viewer', tenant_id);
    const reply = await imports.send({ tenant_id }, line({ key: 'k', value: 1 }), { key });
    expect([reply.status, reply.body.code]).toEqual([403, 'permission_denied']);
    expect(await valuesOf(tenant_id)).toEqual({});
  });
});
