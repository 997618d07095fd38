import { createLogger } from '#platform/observability';
import { explainStartFailure, readSettings } from '#platform/config';
import type { Settings } from '#platform/config';
import { startService } from './start.js';
import type { Service } from './start.js';

const STOP_MS_MAX = 25_000;

/** For people, beside the log lines for machines. */
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(): Promise<void> {
  let settings: Settings | null = null;
  try {
    settings = readSettings(process.env);
    const logger = createLogger({ level: settings.logLevel, pretty: process.stdout.isTTY });
    const service = await startService(settings, logger, say);
    stopOnSignals(service);
    say(
      `Metastore is ready.\n  API reference  ${service.url}/docs\n  OpenAPI        ${service.url}/api/v1/openapi.json\n  Health         ${service.url}/health`,
    );
  } catch (error) {
    say(
      explainStartFailure(error, settings) ??
        `Metastore could not start, and this is a bug:\n${String((error as Error).stack ?? error)}`,
    );
    process.exitCode = 1;
    setTimeout(() => process.exit(), 1_000).unref(); // Whatever is still open does not keep a failed start alive.
  }
}

/** Finishes what is under way and ends with 0; a second signal, or 25 seconds, ends at once. */
function stopOnSignals(service: Service): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        say(`The stop failed: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

void main(); // It tells its own failures.
