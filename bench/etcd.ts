import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startChild, stopChild } from './children.js';
import { makeFolder } from './folder.js';
import { freePort, HOST } from './free-port.js';
import { HttpClient } from './http-client.js';
import type { Scope } from './scope.js';

/** Why a row without it is left out. */
export const NO_ETCD = 'there is no etcd in PATH.';

const READY_MS_MAX = 30_000;
const ASK_EVERY_MS = 20;

export interface Etcd {
  readonly url: string;
  readonly pid: number | undefined;
}

/** The program; null where there is none. */
export function findEtcd(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'etcd')).find((path) => existsSync(path)) ?? null;
}

/** One member with a folder and ports of its own, set as by default; gone with the scope. */
export async function startEtcd(scope: Scope, program: string): Promise<Etcd> {
  const url = `http://${HOST}:${await freePort()}`;
  const peers = `http://${HOST}:${await freePort()}`;
  const options = {
    'data-dir': join(await makeFolder(scope), 'data'),
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `default=${peers}`,
  };
  const parameters = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const child = startChild(program, parameters, { stdio: 'ignore' });
  scope.defer(() => stopChild(child));
  await readiness(url);
  return { url, pid: child.pid };
}

/** Bodies of its HTTP gateway: keys and values are bytes in Base64. */
export const rangeOf = (key: string): string => JSON.stringify({ key: base64(key) });
export const putOf = (key: string, value: string): string =>
  JSON.stringify({ key: base64(key), value: base64(value) });

const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function readiness(url: string): Promise<void> {
  const client = new HttpClient(url);
  const until = performance.now() + READY_MS_MAX;
  try {
    for (;;) {
      const status = await client.get('/health').then(
        (answer) => answer.status,
        () => null,
      );
      if (status === 200) return;
      if (performance.now() > until) throw new Error('etcd did not get ready.');
      await pause(ASK_EVERY_MS);
    }
  } finally {
    client.close();
  }
}
