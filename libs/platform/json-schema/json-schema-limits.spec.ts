import { availableParallelism } from 'node:os';
import { readSettings } from '#platform/config';
import { SchemaTooExpensive, ValidationBusy, ValidationUnavailable } from './errors.js';
import type { Json } from './json.js';
import { JsonSchemaPool, WAITING_MAX } from './json-schema-pool.js';
import type { SchemaBundle } from './messages.js';
import { lintSchema } from './schema-lint.js';

const NONE = { secretsAt: [] };

let keys = 0;

/** A schema by itself, known to no worker. */
function bundleOf(schema: unknown): SchemaBundle {
  const { dialect, text } = lintSchema(schema as Json);
  keys += 1;
  return [{ key: `schema-${keys}`, dialect, text, others: {} }];
}

/** Branches that multiply with each level of a document, so that no lint sees it. */
const HOSTILE = {
  properties: { a: { anyOf: [{ $ref: '#' }, { $ref: '#' }, { $ref: '#' }] } },
  required: ['b'],
};
const deep = (levels: number): Json => (levels === 0 ? {} : { a: deep(levels - 1) });
const HOSTILE_DOCUMENT = { text: JSON.stringify(deep(40)), ...NONE };

describe('the pool', () => {
  const pool = new JsonSchemaPool(readSettings({ SCHEMA_JOB_MS: '1000' }));
  afterAll(() => pool.onApplicationShutdown());

  async function isText(value: Json): Promise<boolean> {
    const [found] = await pool.check('acme', bundleOf({ type: 'string' }), [
      { text: JSON.stringify(value), ...NONE },
    ]);
    return found?.length === 0;
  }

  describe('ends what takes too long', () => {
    it('and goes on with what comes next', async () => {
      await expect(pool.check('acme', bundleOf(HOSTILE), [HOSTILE_DOCUMENT])).rejects.toThrow(
        SchemaTooExpensive,
      );
      expect(await isText(1)).toBe(false);
    });

    it('also when it takes memory instead', async () => {
      const failing = Array.from({ length: 100 }, (_, index) => ({ const: index + 1 }));
      const document = { text: JSON.stringify(Array(200_000).fill(0)), ...NONE };
      const bundle = bundleOf({ items: { anyOf: failing } });
      await expect(pool.check('acme', bundle, [document])).rejects.toThrow(SchemaTooExpensive);
      expect(await isText(1)).toBe(false);
    });

    it('while another tenant’s checks are all made', async () => {
      let isOver = false;
      const hostile = async (): Promise<number> => {
        let ended = 0;
        while (!isOver) {
          const refusals = await Promise.allSettled(
            Array.from({ length: 4 }, () => pool.check('hostile', bundleOf(HOSTILE), [HOSTILE_DOCUMENT])),
          );
          ended += refusals.filter(({ status }) => status === 'rejected').length;
        }
        return ended;
      };
      const attack = hostile();
      const bundle = bundleOf({ type: 'string' });
      const results = [];
      for (let index = 0; index < 100; index += 1) {
        results.push(await pool.check('other', bundle, [{ text: `"${index}"`, ...NONE }]));
      }
      isOver = true;
      expect(results).toEqual(Array(100).fill([[]]));
      expect(await attack).toBeGreaterThan(0);
    });
  });

  it('tells what is wrong in few words, whatever a schema makes of them', async () => {
    const bundle = bundleOf({ items: { pattern: 'a'.repeat(5_000) } });
    const [found = []] = await pool.check('acme', bundle, [
      { text: JSON.stringify(Array(100).fill('b')), ...NONE },
    ]);
    expect(found).toHaveLength(100);
    expect(JSON.stringify(found).length).toBeLessThan(60_000);
  });

  it('lets so many of one tenant wait and refuses the rest, while others are served', async () => {
    const workers = Math.min(Math.max(availableParallelism(), 2), 4);
    const allowed = WAITING_MAX + workers - 1;
    const bundle = bundleOf({ type: 'string' });
    const ask = (tenant: string | null) => pool.check(tenant, bundle, [{ text: '1', ...NONE }]);
    const flood = Array.from({ length: allowed + 10 }, () => ask('flood'));
    const other = ask('other');
    const shared = ask(null);
    const outcomes = await Promise.allSettled(flood);
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect(refusals).toHaveLength(10);
    expect(refusals.every((reason) => reason instanceof ValidationBusy)).toBe(true);
    expect([await other, await shared].map(([found]) => found?.length)).toEqual([1, 1]);
  });
});

it('refuses everything once it is closed', async () => {
  const pool = new JsonSchemaPool(readSettings({ SCHEMA_JOB_MS: '1000' }));
  await pool.onApplicationShutdown();
  await expect(pool.check(null, bundleOf(true), [{ text: '1', ...NONE }])).rejects.toThrow(
    ValidationUnavailable,
  );
});
