import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestApi } from '../api.js';

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const PRINTED_ORIGIN = 'http://localhost:8002';
const FENCED = /```sh\n([\s\S]*?)```/g;
const WORD = /'([^']*)'|"([^"]*)"|(\S+)/g;

/** A call as it is printed: the words of a shell, as far as the README uses them. */
interface Printed {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

function printedIn(text: string): Printed[] {
  const lines = [...text.matchAll(FENCED)].flatMap(([, block = '']) =>
    block.replaceAll('\\\n', ' ').split('\n'),
  );
  return lines.filter((line) => line.startsWith('curl ')).map(readCall);
}

function readCall(line: string): Printed {
  const [, ...words] = [...line.matchAll(WORD)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
  let [method, path, body]: [string | null, string, string | null] = [null, '', null];
  const headers: Record<string, string> = {};
  if (words.includes('-d')) headers['Content-Type'] = 'application/x-www-form-urlencoded'; // As curl does, unless told.
  while (words.length > 0) {
    const word = words.shift() ?? '';
    if (word === '-X') method = words.shift() ?? '';
    else if (word === '-d') body = words.shift() ?? '';
    else if (word === '-H') {
      const [name = '', value = ''] = (words.shift() ?? '').split(': ');
      headers[name] = value;
    } else if (word.startsWith(PRINTED_ORIGIN)) path = word.slice(PRINTED_ORIGIN.length);
    else throw new Error(`The README uses "${word}", which this test cannot read: ${line}`);
  }
  return { method: method ?? (body === null ? 'GET' : 'POST'), path, headers, body };
}

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

it('each call of the README works as printed, one after the other', async () => {
  const calls = printedIn(README);
  expect(calls.length).toBeGreaterThanOrEqual(3);
  const refused: string[] = [];
  for (const { method, path, headers, body } of calls) {
    const {
      status,
      text,
      body: answer,
    } = await api.request(method, path, { headers, ...(body !== null && { body }) });
    const shows = answer?.items === undefined || answer.items.length > 0;
    if ((status !== 200 && status !== 201) || !shows) refused.push(`${method} ${path}: ${status} ${text}`);
  }
  expect(refused).toEqual([]);
});
