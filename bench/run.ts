import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { startServer } from './database.js';
import type { DatabaseServer } from './database.js';
import type { Bench, Figure, LeftOut, Row } from './row.js';
import { judgedValue, reaches } from './row.js';
import { create } from './rows/create.js';
import { createEtcd } from './rows/create-etcd.js';
import { deviceReports } from './rows/device-reports.js';
import { effective } from './rows/effective.js';
import { evaluation } from './rows/evaluation.js';
import { flagReplicas } from './rows/flag-replicas.js';
import { flagsLoad } from './rows/flags-load.js';
import { hotRead } from './rows/hot-read.js';
import { memory } from './rows/memory.js';
import { ofrep } from './rows/ofrep.js';
import { pageDepth } from './rows/page-depth.js';
import { replicas } from './rows/replicas.js';
import { start } from './rows/start.js';
import { Scope, within } from './scope.js';
import { tableOf } from './table.js';

const ROWS: readonly Row[] = [
  ...[hotRead, effective, evaluation, ofrep, create, createEtcd, pageDepth, replicas],
  ...[flagReplicas, flagsLoad, deviceReports, start, memory],
];
const SECONDS_DEFAULT = 6;
/** In the project, and not in what is built of it. */
const RESULTS = new URL('../../bench/results/', import.meta.url);

/** A row that crashed has no figure, but keeps no other from being taken. */
interface Outcome {
  readonly results: (Figure | LeftOut)[];
  readonly crashes: string[];
}

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !ROWS.some((row) => row.name === name));
  if (unknown.length > 0) {
    say(`There is no row ${unknown.join(', ')}; there are ${ROWS.map((row) => row.name).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  const seconds = Number(process.env['BENCH_SECONDS'] ?? SECONDS_DEFAULT);
  if (!(seconds > 0)) throw new Error('BENCH_SECONDS must be a number above 0.');
  const loadBefore = loadavg()[0] ?? 0;
  const rows = names.length === 0 ? ROWS : ROWS.filter((row) => names.includes(row.name));
  await within(scopeThatSignalsClose(), async (scope) => {
    const server = await startServer(scope);
    say(`PostgreSQL ${server.version}, ${server.kind}; Node.js ${process.version}`);
    const { results, crashes } = await measure(rows, { server, seconds }, scope);
    say(`\n${tableOf(results)}\n`);
    say(`Written to ${await keep(results, server, loadBefore)}`);
    for (const crash of crashes) say(crash);
    if (crashes.length > 0) process.exitCode = 1; // A slow figure is a result; a crash is none.
  });
}

async function measure(rows: readonly Row[], given: Omit<Bench, 'scope'>, whole: Scope): Promise<Outcome> {
  const outcome: Outcome = { results: [], crashes: [] };
  for (const row of rows) {
    say(`${row.name} ...`);
    const own = new Scope();
    whole.defer(() => own.close());
    try {
      outcome.results.push(...(await within(own, (scope) => row.run({ ...given, scope }))));
    } catch (error) {
      outcome.crashes.push(`${row.name} crashed: ${String((error as Error).stack ?? error)}`);
      outcome.results.push({ work: row.name, leftOut: 'it crashed.' });
    }
  }
  return outcome;
}

/** Gives the path of the file. */
async function keep(
  results: readonly (Figure | LeftOut)[],
  server: DatabaseServer,
  loadBefore: number,
): Promise<string> {
  const takenAt = new Date().toISOString();
  const document = {
    taken_at: takenAt,
    machine: {
      ...{ processors: availableParallelism(), model: cpus()[0]?.model ?? null, node: process.version },
      load_before: loadBefore, // Of the last minute: what others did on this machine.
    },
    postgresql: { version: server.version, kind: server.kind },
    rows: results.map((result) =>
      'leftOut' in result ? result : { ...result, judged: judgedValue(result), reached: reaches(result) },
    ),
  };
  await mkdir(RESULTS, { recursive: true });
  const file = new URL(`${takenAt.slice(0, 19).replaceAll(':', '-')}.json`, RESULTS);
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
  return fileURLToPath(file);
}

/** Interrupted, it still stops what it started. */
function scopeThatSignalsClose(): Scope {
  const scope = new Scope();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void scope.close().finally(() => process.exit(1));
    });
  }
  return scope;
}

await main(process.argv.slice(2));
