import { readFile, writeFile } from 'node:fs/promises';
import { env } from 'node:process';
import { parseArgs } from 'node:util';
import newman from 'newman';
import type { Failure, Summary } from 'newman';
import { BY_HAND } from './collection.js';
import { withReceiver } from './receiver.js';
import { withService } from './service.js';

const FILE = 'postman/metastore.postman_collection.json';
const REQUEST_MS_MAX = 30_000;
const FAILURES_SHOWN = 50;

interface Folder {
  readonly name: string;
}

/** Who is asked, and who takes what it sends; undefined: nobody. */
interface Parties {
  readonly baseUrl: string;
  readonly receiverUrl: string | undefined;
}

/**
 * Runs the collection against the service at METASTORE_URL, or one of its own with a receiver beside it; METASTORE_API_KEY is
 * the key for it, METASTORE_RECEIVER_URL who takes what it sends. Ends with 1 when anything fails. `--collection` names another file than the committed one, `--totals` one for the numbers.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { collection: { type: 'string', default: FILE }, totals: { type: 'string' } },
  });
  const collection = withoutByHand(JSON.parse(await readFile(values.collection, 'utf8')));
  const { stats, failures } = (await withParties((parties) => runWith(parties, collection))).run;
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

function withParties<T>(work: (parties: Parties) => Promise<T>): Promise<T> {
  const { METASTORE_URL: url, METASTORE_RECEIVER_URL: receiver } = env;
  if (url) return work({ baseUrl: url, receiverUrl: receiver || undefined });
  return withReceiver((receiverUrl) => withService((baseUrl) => work({ baseUrl, receiverUrl })));
}

function runWith({ baseUrl, receiverUrl }: Parties, collection: object): Promise<Summary> {
  const options = {
    collection,
    timeoutRequest: REQUEST_MS_MAX,
    envVar: [
      { key: 'baseUrl', value: baseUrl.replace(/\/$/, '') },
      { key: 'apiKey', value: env['METASTORE_API_KEY'] ?? '' },
      ...(receiverUrl === undefined ? [] : [{ key: 'receiverUrl', value: receiverUrl }]),
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
