import { SqlSettling } from './sql-settling.js';

const MADE = new Date('2026-01-01T00:00:00Z');
const MEBIBYTE = 1_048_576;

/** A row whose time is over, with details of so many characters. */
const dueRow = (characters: number): object => ({
  ...{ id: 'id', tenant: '_shared', version: 1, kind: 'alert', status_code: 'pending_response' },
  ...{ details: { text: 'x'.repeat(characters) }, request_timestamp: MADE, expires_at: MADE, escalation: [] },
  ...{ response: null, responded_at: null, claimed_by: null, claim_expires_at: null, escalated: 0 },
  ...{ created_at: MADE, updated_at: MADE, settled_at: null, first_claimed_at: null, now: new Date() },
});

/** Sweeps rows of so many characters; gives how many were settled, and how many told. */
async function swept(characters: readonly number[]): Promise<[number, number]> {
  const append = jest.fn();
  const read = ({ name }: { name: string }): Promise<object[]> =>
    Promise.resolve(name === 'requests_settle_all' ? characters.map(dueRow) : []);
  const database = { read, run: (work: () => Promise<unknown>) => work() };
  const settling = new SqlSettling(database as never, { append } as never, {} as never);
  return [await settling.sweep(200), append.mock.calls.length];
}

describe('what falls due together', () => {
  it('is settled together', async () => {
    expect(await swept(Array<number>(200).fill(10))).toEqual([200, 200]);
  });

  it('is settled in parts where it is large, and each part has one at least', async () => {
    expect(await swept(Array<number>(10).fill(6 * MEBIBYTE))).toEqual([3, 3]);
    expect(await swept([20 * MEBIBYTE, 10])).toEqual([1, 1]);
  });
});
