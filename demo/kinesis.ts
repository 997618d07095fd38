import { runKinesisDemo } from './kinesis-demo.js';

const INTERRUPTED = 130;

/** Ends with 0 when everything arrived, with 1 when something did not, and with 130 when it was interrupted. */
async function main(): Promise<number> {
  const stop = new AbortController();
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(INTERRUPTED));
    stop.abort();
  });
  process.once('SIGTERM', () => stop.abort());
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    return (await runKinesisDemo({ databaseUrl: null, print, signal: stop.signal })) ? 0 : 1;
  } catch (error) {
    if (stop.signal.aborted) return INTERRUPTED;
    process.stderr.write(`${String((error as Error).stack ?? error)}\n`);
    return 1;
  }
}

process.exit(await main());
