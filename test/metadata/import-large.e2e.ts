import { randomUUID } from 'node:crypto';
import { TestApi } from '../api.js';
import type { Reply } from '../api.js';

const PATH = '/api/v1/metadata';
const LINES = 5_000;
const MISTAKES_SHOWN = 1_000;

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
});

afterAll(() => api.stop());

const aTenant = (): string => `t-${randomUUID()}`;

function send(tenant: string, lines: readonly string[]): Promise<Reply> {
  return api.post(`${PATH}/import?tenant_id=${tenant}`, lines.join('\n'), {
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
}

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
    const { text } = await api.get(`${PATH}/export?tenant_id=${tenant}`);
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
