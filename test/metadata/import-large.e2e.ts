import { TestApi } from '../api.js';
import { aTenant, ENTRIES } from './entries.js';
import { Imports } from './imports.js';

const LINES = 5_000;
const MISTAKES_SHOWN = 1_000;

let api: TestApi;
const imports = new Imports(() => api);

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const send = (tenant_id: string, lines: readonly string[]) => imports.send({ tenant_id }, lines.join('\n'));

describe('an import of many lines', () => {
  it('takes five thousand, and the export gives them back', async () => {
    const tenant = aTenant();
    const lines = Array.from({ length: LINES }, (_, index) =>
      JSON.stringify({
        key: `k${String(index).padStart(5, '0')}`,
        value: { index },
        tags: [`t${index % 7}`],
      }),
    );
    const { status, body } = await send(tenant, lines);
    expect([status, body.created, body.failed]).toEqual([200, LINES, 0]);
    const { text } = await api.get(`${ENTRIES}/export?tenant_id=${tenant}`);
    const entries = text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(entries.map(({ key, value, tags }) => JSON.stringify({ key, value, tags }))).toEqual(lines);
  });

  it('shows the first thousand mistakes and counts all', async () => {
    const lines = Array.from({ length: MISTAKES_SHOWN + 500 }, () => '{"key":1}');
    const { status, body } = await send(aTenant(), lines);
    expect([status, body.failed, body.errors.length]).toEqual([200, lines.length, MISTAKES_SHOWN]);
    expect(body.errors.map((error: any) => error.line)).toEqual(
      Array.from({ length: MISTAKES_SHOWN }, (_, index) => index + 1),
    );
  });
});
