import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HOST = '127.0.0.1';
const MAIN = fileURLToPath(new URL('../apps/api/main.js', import.meta.url));
const READY_MS_MAX = 60_000;
const ASK_EVERY_MS = 50;
const COMPLAINT_LENGTH = 2_000;

/** Does the work with the built service, which runs with an empty embedded database, may tell this machine, and goes afterwards. */
export async function withService<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'metastore-postman-'));
  await chmod(folder, 0o755); // The embedded database runs as another user when this one is root.
  const port = await freePort();
  const child = spawn(execPath, [MAIN], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment(folder, port),
  });
  try {
    const url = `http://${HOST}:${port}`;
    await readiness(child, url);
    return await work(url);
  } finally {
    await stop(child);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nothing of this environment that is a setting of the service reaches it. */
function environment(folder: string, port: number): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = env;
  const settings = {
    APP_HOST: HOST,
    APP_PORT: String(port),
    DATA_DIR: folder,
    WEBHOOK_ALLOW_PRIVATE: 'true',
  };
  return { PATH, HOME, TMPDIR, ...settings };
}

/** A port on which nobody listens at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function readiness(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-COMPLAINT_LENGTH);
  });
  const until = performance.now() + READY_MS_MAX;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() > until)
      throw new Error(`The service did not get ready. It said:\n${said}`);
    await pause(ASK_EVERY_MS);
  }
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`).catch(() => null);
  return answer?.ok ?? false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
