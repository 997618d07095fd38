import { readFile, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { collectionOf, notCalled } from './collection.js';
import type { Document } from './openapi.js';
import { operationsOf } from './openapi.js';
import { SCENARIO } from './scenario.js';

const DOCUMENT = 'openapi.json';
const FILE = 'postman/metastore.postman_collection.json';

/** Writes the collection of openapi.json, or with `--check` only says whether the committed one is the same. */
async function main(): Promise<void> {
  const document = JSON.parse(await readFile(DOCUMENT, 'utf8')) as Document;
  const text = `${JSON.stringify(await collectionOf(document, SCENARIO), null, 1)}\n`;
  if (!argv.includes('--check')) {
    await writeFile(FILE, text);
    tell(document);
    return;
  }
  if ((await readFile(FILE, 'utf8').catch(() => '')) === text) {
    process.stdout.write(`${FILE} is what ${DOCUMENT} says.\n`);
    return;
  }
  process.stderr.write(`${FILE} is not what ${DOCUMENT} says: run "npm run postman" and commit it.\n`);
  process.exitCode = 1;
}

function tell(document: Document): void {
  const operations = operationsOf(document);
  const left = [...notCalled(operations, SCENARIO)];
  process.stdout.write(
    `Wrote ${FILE}: a run calls ${operations.length - left.length} of ${operations.length} operations.\n`,
  );
  for (const [id, reason] of left) process.stdout.write(`  not ${id}: ${reason}\n`);
}

void main();
