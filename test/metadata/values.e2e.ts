import fc from 'fast-check';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { aNamespace, ENTRIES } from './entries.js';
import { entryText, everywhere, shownAt, sightsOf, valueIn, valueInEvent } from './exact-values.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

/** As deep as JSON may be, in a body where one object is around the value. */
const DEEPEST = `${'['.repeat(63)}${']'.repeat(63)}`;

const DOCUMENTS = [
  '1.0',
  '1e2',
  '1E+02',
  '-0',
  '0.10',
  '12345678901234567890',
  '9007199254740993',
  '1e400',
  '0.1000000000000000055511151231257827',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '{"":""}',
  '{"b":1,"a":2,"10":3,"2":4}',
  '{ "a" : [ 1 , 2.50 ] }',
  '"\\u00e9\\/\\n\\ud83d\\ude00"',
  '"é e\u0301 \u{1F600} \u2028 \u2029 \u{10FFFF} \uFFFF \u200D \uFEFF"',
  '"},\\"tags\\":[\\"x\\"]"',
  DEEPEST,
];

const created = async (value: string, namespace: string): Promise<any> => {
  const reply = await api.post(ENTRIES, entryText({ key: 'k', namespace }, value));
  expect([reply.status, reply.status === 201 ? valueIn(reply.text) : reply.text]).toEqual([201, value]);
  return reply.body;
};

describe('a JSON value is given back as it was sent', () => {
  it.each(DOCUMENTS)('when it is created: %s', async (value) => {
    const entry = await created(value, aNamespace());
    expect(await shownAt(api, sightsOf(entry))).toEqual(everywhere(sightsOf(entry), value));
    const version = await api.get(`${ENTRIES}/${entry.id}/versions/1`);
    expect(valueIn(version.text)).toBe(value);
    const asOf = await api.get(`${ENTRIES}/${entry.id}?as_of=${entry.created_at}`);
    expect(valueIn(asOf.text)).toBe(value);
    const events = await api.get(`/api/v1/events?aggregate_id=${entry.id}`);
    expect(valueInEvent(events.text)).toBe(value);
  });

  it.each(['PUT', 'PATCH', 'upsert', 'batch', 'import'])('when it is changed by %s', async (how) => {
    for (const value of DOCUMENTS) {
      const { id, key, namespace } = await created('"before"', aNamespace());
      const ways: Readonly<Record<string, () => Promise<Reply>>> = {
        PUT: () => api.put(`${ENTRIES}/${id}`, `{"value":${value}}`),
        PATCH: () => api.patch(`${ENTRIES}/${id}`, `{"value":${value}}`),
        upsert: () => api.put(`${ENTRIES}/key/${key}?namespace=${namespace}`, `{"value":${value}}`),
        batch: () =>
          // Two levels more than elsewhere are around a value here.
          api.post(
            `${ENTRIES}/batch`,
            `{"operations":[${entryText({ op: 'update', id }, shallower(value))}]}`,
          ),
        import: () =>
          api.post(`${ENTRIES}/import`, `${entryText({ key, namespace }, value)}\n`, {
            headers: { 'Content-Type': 'application/x-ndjson' },
          }),
      };
      const reply = await ways[how]?.();
      expect([value, reply?.status, reply?.body.errors]).toEqual([
        value,
        200,
        how === 'import' ? [] : undefined,
      ]);
      const wanted = how === 'batch' ? shallower(value) : value;
      const sights = sightsOf({ id, key, namespace });
      expect(await shownAt(api, sights)).toEqual(everywhere(sights, wanted));
      expect(valueIn((await api.get(`${ENTRIES}/${id}/versions/2`)).text)).toBe(wanted);
    }
  });

  it('when it is created in a batch, and when it is brought back', async () => {
    for (const value of DOCUMENTS) {
      const namespace = aNamespace();
      const operation = entryText({ op: 'create', key: 'k', namespace }, shallower(value));
      const { body } = await api.post(`${ENTRIES}/batch`, `{"operations":[${operation}]}`);
      const [{ id }] = body.results;
      await api.put(`${ENTRIES}/${id}`, { value: 'other', content_type: 'text' });
      const back = await api.post(`${ENTRIES}/${id}/rollback/1`, {});
      expect([back.status, valueIn(back.text)]).toEqual([200, shallower(value)]);
      const sights = sightsOf({ id, key: 'k', namespace });
      expect(await shownAt(api, sights)).toEqual(everywhere(sights, shallower(value)));
    }
  });

  it('also where it is encrypted', async () => {
    for (const value of DOCUMENTS) {
      const namespace = aNamespace();
      const body = `{"key":"k","namespace":"${namespace}","is_encrypted":true,"value":${value}}`;
      const entry = (await api.post(ENTRIES, body)).body;
      expect(await shownAt(api, sightsOf(entry))).toEqual(everywhere(sightsOf(entry), value));
    }
  });

  it('without the white space around it, and with that inside of it', async () => {
    const namespace = aNamespace();
    const body = `{"key":"k","namespace":"${namespace}","value" : \n {"a":\n\t[1,  2]\r\n} \n}`;
    const entry = (await api.post(ENTRIES, body)).body;
    const read = await api.get(`${ENTRIES}/${entry.id}`);
    expect(valueIn(read.text)).toBe('{"a":\n\t[1,  2]\r\n}');
  });

  it('tells 1.0 from 1, and both from 1e0, when it asks whether something changed', async () => {
    const { id } = await created('1', aNamespace());
    const versions = [];
    for (const value of ['1', '1.0', '1.0', '1e0', '1']) {
      versions.push((await api.put(`${ENTRIES}/${id}`, `{"value":${value}}`)).body.version);
    }
    expect(versions).toEqual([1, 2, 2, 3, 4]);
  });

  it('shows in a diff the number as it was written', async () => {
    const { id } = await created('1', aNamespace());
    await api.put(`${ENTRIES}/${id}`, '{"value":12345678901234567890}');
    await api.put(`${ENTRIES}/${id}`, '{"value":12345678901234567891.0}');
    const far = await api.get(`${ENTRIES}/${id}/versions/2/diff/3`);
    expect(far.text).toBe('[{"op":"replace","path":"/value","value":12345678901234567891.0}]');
  });
});

const shallower = (value: string): string => (value === DEEPEST ? value.slice(2, -2) : value);

describe('the export', () => {
  it('is one entry a line, whatever the white space in a value, and can be imported', async () => {
    const namespace = aNamespace();
    const values = ['{\n  "a": 1.0\n}', '[\r\n1,\r\n2]', '"\\n"', '7'];
    for (const [index, value] of values.entries()) {
      await api.post(ENTRIES, entryText({ key: `k${index}`, namespace }, value));
    }
    const { text } = await api.get(`${ENTRIES}/export?namespace=${namespace}`);
    const lines = text.split('\n').filter((line) => line !== '');
    expect(lines).toHaveLength(values.length);
    expect(lines.map((line) => JSON.parse(line).value)).toEqual(values.map((value) => JSON.parse(value)));
    const again = await api.post(`${ENTRIES}/import`, text.replaceAll(namespace, aNamespace()), {
      headers: { 'Content-Type': 'application/x-ndjson' },
    });
    expect(again.body).toMatchObject({ created: values.length, failed: 0, errors: [] });
  });
});

/** JSON made of pieces of text: numbers and strings that no serializer writes, white space, any order of keys. */
const space = fc.constantFrom('', '', '', ' ', '\t', '  ');
const digits = (minLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength: 25 });
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom(...'123456789'), digits(0)).map((parts) => parts.join('')),
    ),
    fc.option(
      digits(1).map((text) => `.${text}`),
      { nil: '' },
    ),
    fc.option(
      fc
        .tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(1))
        .map((parts) => parts.join('')),
      { nil: '' },
    ),
  )
  .map((parts) => parts.join(''));
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3 }).map((text) => JSON.stringify(text).slice(1, -1)),
  fc.constantFrom(
    '\\u0041',
    '\\/',
    '\\"',
    '\\\\',
    '\\ud83d\\uDE00',
    '\\b',
    '\u007f',
    '\u2028',
    'value',
    ',\\"tags\\":',
  ),
);
const string = fc
  .array(piece, { maxLength: 4 })
  .map((pieces) => `"${pieces.join('')}"`)
  .filter((text) => !String(JSON.parse(text)).includes('\0'));
const { document } = fc.letrec<{ document: string }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 6 },
    fc.oneof(number, string, fc.constantFrom('null', 'true', 'false')),
    fc
      .array(
        fc.tuple(space, tie('document'), space).map((parts) => parts.join('')),
        { maxLength: 4 },
      )
      .map((elements) => `[${elements.join(',')}]`),
    fc
      .uniqueArray(fc.tuple(string, space, space, tie('document')), {
        maxLength: 4,
        selector: ([name]) => String(JSON.parse(name)),
      })
      .filter((members) =>
        members.every(([name]) => !['__proto__', 'constructor'].includes(JSON.parse(name))),
      )
      .map((members) => `{${members.map(([name, a, b, value]) => `${name}${a}:${b}${value}`).join(',')}}`),
  ),
}));

describe('any JSON document', () => {
  it('comes back byte for byte, from every place that shows it', async () => {
    const namespace = aNamespace();
    const key = 'k';
    const made = await created('"first"', namespace);
    const sights = sightsOf({ id: made.id, key, namespace });
    await fc.assert(
      fc.asyncProperty(document, fc.boolean(), async (value, isEncrypted) => {
        const path = `${ENTRIES}/key/${key}?namespace=${namespace}`;
        const reply = await api.put(path, `{"is_encrypted":${isEncrypted},"value":${value}}`);
        expect([reply.status, reply.status === 200 ? valueIn(reply.text) : reply.text]).toEqual([200, value]);
        expect(await shownAt(api, sights)).toEqual(everywhere(sights, value));
        const { version } = reply.body;
        expect(valueIn((await api.get(`${ENTRIES}/${made.id}/versions/${version}`)).text)).toBe(value);
      }),
      { numRuns: 120 },
    );
  });
});
