import { TestApi } from '../api.js';
import type { Reply } from '../api.js';
import { operationsOf, requestFor } from './openapi-walk.js';
import type { Facts, Operation } from './openapi-walk.js';
import { Planting } from './planted.js';

const BODY_BYTES_MAX = 1_048_576;
const UNKNOWN_KEY = `mst_${'a'.repeat(20)}_${'b'.repeat(43)}`;

let api: TestApi;
let document: any;
let operations: Operation[];
let planting: Planting;

beforeAll(async () => {
  api = await TestApi.start();
  document = (await api.get('/api/v1/openapi.json')).body;
  operations = operationsOf(document);
  planting = await Planting.on(api);
});

afterAll(() => api.stop());

const described = ({ path, method }: Operation): any => document.paths[path][method.toLowerCase()];
const declares = (operation: Operation, status: number): boolean =>
  described(operation).responses[status] !== undefined;
const headersOf = (operation: Operation): string[] =>
  (described(operation).parameters ?? [])
    .filter((parameter: any) => parameter.in === 'header')
    .map(({ name }: any) => name);

interface Change {
  readonly body?: unknown;
  readonly headers?: object;
}

/** The operation as the document has it, on a resource of its own, with something changed. */
async function call(operation: Operation, change: Change = {}): Promise<Reply> {
  return send(operation, await planting.factsFor(operation), change);
}

/** The same, on the resource of all such calls: what has to be refused whatever it is about. */
async function callInVain(operation: Operation, change: Change): Promise<Reply> {
  return send(operation, await planting.lastingFor(operation), change);
}

function send(operation: Operation, known: Facts, change: Change): Promise<Reply> {
  const facts = { ...known, version: 1, a: 1, b: 1 };
  const { path, body, type } = requestFor(operation, facts);
  const sent = 'body' in change ? change.body : body;
  const headers = { ...(sent !== undefined && { 'Content-Type': type }), ...change.headers };
  return api.request(operation.method, path, { ...(sent !== undefined && { body: sent }), headers });
}

/** Of a file the document says how large it may be. */
function tooLargeFor({ content = {} }: Operation): string {
  const [said] = Object.values(content);
  return `{"value":"${'x'.repeat(said?.schema.maxLength ?? BODY_BYTES_MAX)}"}`;
}

/** The operations of which the document and the service do not say the same. */
async function disagreeing(
  says: (operation: Operation) => boolean,
  does: (operation: Operation) => Promise<boolean>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const operation of operations)
    if (says(operation) !== (await does(operation))) wrong.push(`${operation.method} ${operation.path}`);
  return wrong;
}

it('names of every operation each status that it answers a plain request with', async () => {
  const wrong: string[] = [];
  for (const operation of operations) {
    const { status } = await call(operation);
    if (!declares(operation, status)) wrong.push(`${operation.id} ${status}`);
  }
  expect(wrong).toEqual([]);
});

it('declares 400 where a query that is no text is refused: everywhere', async () => {
  const asked = async ({ method, path }: Operation): Promise<number> =>
    (await api.request(method, `${path.replaceAll(/[{}]/g, '')}?x=%FF`)).status;
  expect(
    await disagreeing(
      (each) => declares(each, 400),
      async (each) => (await asked(each)) === 400,
    ),
  ).toEqual([]);
});

it('declares 401 where a wrong key is refused', async () => {
  const headers = { Authorization: `Bearer ${UNKNOWN_KEY}` };
  // All at once: each wrong key from one address is answered later than the one before.
  const answers = operations.map(
    async (each) => [each, (await callInVain(each, { headers })).status === 401] as const,
  );
  const isRefused = new Map(await Promise.all(answers));
  const does = (each: Operation): Promise<boolean> => Promise.resolve(isRefused.get(each) === true);
  expect(await disagreeing((each) => declares(each, 401), does)).toEqual([]);
});

it('declares 414 where a part of the path may be too long', async () => {
  const long = (path: string): string => path.replaceAll(/\{[^}]+\}/g, 'x'.repeat(2_000));
  expect(
    await disagreeing(
      (each) => declares(each, 414),
      async ({ method, path }) => (await api.request(method, long(path))).status === 414,
    ),
  ).toEqual([]);
});

it('declares 415 where a body of an unknown media type is refused', async () => {
  const headers = { 'Content-Type': 'application/x-unknown' };
  const refused = async (operation: Operation): Promise<boolean> =>
    operation.method !== 'GET' && (await callInVain(operation, { body: 'x', headers })).status === 415;
  expect(await disagreeing((each) => declares(each, 415), refused)).toEqual([]);
});

it('declares 413 where a body is too large', async () => {
  const isWhole = ({ content }: Operation): boolean => !content?.['application/x-ndjson']; // Its limit is for a line.
  const refused = async (operation: Operation): Promise<boolean> => {
    if (operation.method === 'GET') return false;
    if (!isWhole(operation)) return true;
    return (await callInVain(operation, { body: tooLargeFor(operation) })).status === 413;
  };
  expect(await disagreeing((each) => declares(each, 413), refused)).toEqual([]);
});

it('names every media type that a body may have', async () => {
  for (const operation of operations) {
    for (const type of Object.keys(operation.content ?? {})) {
      const { status } = await call(operation, { headers: { 'Content-Type': type } });
      expect([operation.id, type, status === 415]).toEqual([operation.id, type, false]);
    }
  }
  const patch = operations.filter(({ method }) => method === 'PATCH');
  expect(patch.map(({ content }) => Object.keys(content ?? {}))).toContainEqual([
    'application/json',
    'application/merge-patch+json',
  ]);
});

it('names If-None-Match where it is heeded', async () => {
  const headers = { 'If-None-Match': '*' };
  const says = (each: Operation): boolean => headersOf(each).includes('If-None-Match');
  const heeds = async (operation: Operation): Promise<boolean> => {
    const known = await (says(operation) ? planting.lastingFor(operation) : planting.factsFor(operation));
    if (operation.method === 'PUT') await send(operation, known, {}); // From now on it is there.
    return [304, 412].includes((await send(operation, known, { headers })).status);
  };
  expect(await disagreeing(says, heeds)).toEqual([]);
});

it('names If-Match where it is heeded', async () => {
  const headers = { 'If-Match': '"99"' };
  const says = (each: Operation): boolean => headersOf(each).includes('If-Match');
  const heeds = async (operation: Operation): Promise<boolean> => {
    const reply = says(operation) ? callInVain(operation, { headers }) : call(operation, { headers });
    return (await reply).status === 412;
  };
  expect(await disagreeing(says, heeds)).toEqual([]);
});

it('requires a body where one is needed', async () => {
  const isSaid = (each: Operation): boolean => described(each).requestBody?.required === true;
  const needed = async (operation: Operation): Promise<boolean> => {
    const change = { body: undefined };
    const { status } = await (isSaid(operation) ? callInVain(operation, change) : call(operation, change));
    // 409: a claim that nobody has is not renewed, whatever the body says.
    if (operation.content)
      expect([operation.id, [200, 201, 400, 409]]).toEqual([operation.id, expect.arrayContaining([status])]);
    return operation.content !== undefined && status === 400;
  };
  expect(await disagreeing(isSaid, needed)).toEqual([]);
});

it('has for each path the methods that it takes', async () => {
  const template = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
  for (const path of Object.keys(document.paths)) {
    const url = path.replaceAll(/[{}]/g, '');
    const methods = operations.filter((each) => template(each.path).test(url)).map(({ method }) => method);
    const { status, body, headers } = await api.request('LINK', url);
    expect([path, status, body.code]).toEqual([path, 405, 'method_not_allowed']);
    const allowed = headers
      .get('allow')
      ?.split(', ')
      .filter((method) => method !== 'HEAD');
    expect([path, allowed]).toEqual([path, [...new Set(methods)].sort()]);
  }
});
