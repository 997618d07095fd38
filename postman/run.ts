import { readFile, writeFile } from 'node:fs/promises';
import { env } from 'node:process';
import { parseArgs } from 'node:util';
import newman from 'newman';
import type { Failure, Summary } from 'newman';
import { BY_HAND } from './collection.js';
import { withService } from './service.js';

const FILE = 'postman/metastore.postman_collection.json';
const REQUEST_MS_MAX = 30_000;
const FAILURES_SHOWN = 50;

interface Folder {
  readonly name: string;
}

/**
 * Runs the collection against the service at METASTORE_URL, or one of its own; METASTORE_API_KEY is the key for it. Ends
 * with 1 when anything fails. `--collection` names another file than the committed one, `--totals` one for the numbers.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { collection: { type: 'string', default: FILE }, totals: { type: 'string' } },
  });
  const collection = withoutByHand(JSON.parse(await readFile(values.collection, 'utf8')));
  const url = env['METASTORE_URL'];
  const run = (baseUrl: string): Promise<Summary> => runAgainst(baseUrl, collection);
  const { stats, failures } = (await (url ? run(url) : withService(run))).run;
  for (const failure of failures.slice(0, FAILURES_SHOWN)) say(textOf(failure));
  const { requests, assertions } = stats;
  say(
    `newman: ${requests.total} requests, ${requests.failed} failed; ${assertions.total} assertions, ${assertions.failed} failed; ${failures.length} failures`,
  );
  const totals = { passed: assertions.total - assertions.failed, failed: failures.length };
  if (values.totals !== undefined) await writeFile(values.totals, JSON.stringify(totals));
  // A run in which nothing was asserted has not shown anything.
  if (failures.length > 0 || assertions.total === 0) process.exitCode = 1;
}

/** What waits for a person is not run. */
function withoutByHand(collection: { item: Folder[] }): object {
  return { ...collection, item: collection.item.filter(({ name }) => name !== BY_HAND) };
}

function runAgainst(baseUrl: string, collection: object): Promise<Summary> {
  const options = {
    collection,
    timeoutRequest: REQUEST_MS_MAX,
    envVar: [
      { key: 'baseUrl', value: baseUrl.replace(/\/$/, '') },
      { key: 'apiKey', value: env['METASTORE_API_KEY'] ?? '' },
    ],
  };
  return new Promise((resolve, reject) => {
    newman.run(options, (error, summary) => {
      const failure = error ?? summary.run.error;
      if (failure) reject(failure);
      else resolve(summary);
    });
  });
}

function textOf({ parent, source, error }: Failure): string {
  return `${parent?.name ?? ''} / ${source?.name ?? ''}: ${error.test ?? error.name}: ${error.message}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

void main();
