const ANSWER_MS_MAX = 4_000;
const ROUTES = ['ready', 'live'];
/** Who listens on all addresses listens on loopback, too. */
const EVERYWHERE = new Set(['0.0.0.0', '::']);

/**
 * Asks the service beside it how it is, for the health check of a container: `node dist/apps/probe/main.js [ready|live]`.
 * Ends with 0 when the answer is 200, and else with 1 and one line that says why. It runs every few seconds, so it loads nothing.
 */
async function main(): Promise<void> {
  const [route = 'ready'] = process.argv.slice(2);
  const wrong = ROUTES.includes(route) ? await ask(route) : `There is no ${route}: say ready or live.`;
  if (wrong === null) return;
  process.stderr.write(`${wrong}\n`);
  process.exitCode = 1;
}

/** What is wrong; null where nothing is. */
async function ask(route: string): Promise<string | null> {
  const { APP_HOST: host = '127.0.0.1', APP_PORT: port = '8002' } = process.env;
  const reachable = EVERYWHERE.has(host) ? '127.0.0.1' : host;
  const url = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}/health/${route}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return answer.status === 200 ? null : `${url} is ${answer.status}: ${await answer.text()}`;
  } catch (error) {
    return `${url} does not answer: ${String((error as Error).cause ?? error)}`;
  }
}

await main();

export {}; // A module by itself, although it needs no other.
