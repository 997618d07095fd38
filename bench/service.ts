import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild, stopChild } from './children.js';
import { freePort, HOST } from './free-port.js';
import { HttpClient } from './http-client.js';
import type { Scope } from './scope.js';

/** How to start. */
export interface ServiceOptions {
  /** Where generated keys are, and the embedded database where there is no other. */
  readonly dataDir: string;
  /** Null: the embedded one. */
  readonly databaseUrl: string | null;
}

const MAIN = fileURLToPath(new URL('../apps/api/main.js', import.meta.url));
/** As `npm start` has it. */
const HEAP = ['--max-old-space-size=2000', '--max-semi-space-size=8', '--no-parallel-scavenge'];
const READY_MS_MAX = 60_000;
const ASK_EVERY_MS = 5;
const COMPLAINT_LENGTH = 2_000;
const KIB_PER_MIB = 1_024;

/** The built service in a process of its own, set as by default: one log line a request, to nowhere. */
export class Service {
  private constructor(
    readonly url: string,
    readonly readyAfterMs: number,
    private readonly child: ChildProcess,
  ) {}

  /** Ready when it is given back; stopped with the scope. */
  static async start(scope: Scope, options: ServiceOptions): Promise<Service> {
    const port = await freePort();
    const startedAt = performance.now();
    const child = startChild(process.execPath, [...profiling(), ...HEAP, MAIN], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environment(options, port),
    });
    scope.defer(() => stopChild(child));
    const url = `http://${HOST}:${port}`;
    await readiness(child, url);
    return new Service(url, performance.now() - startedAt, child);
  }

  stop(): Promise<void> {
    return stopChild(this.child);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Resident memory in MiB; null where the system does not tell. */
  async residentMiB(): Promise<number | null> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8').catch(() => null);
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
    return kib === undefined ? null : Number(kib) / KIB_PER_MIB;
  }
}

/** With BENCH_PROFILE_DIR each service leaves a profile of its processor time there as it stops. */
function profiling(): string[] {
  const folder = process.env['BENCH_PROFILE_DIR'];
  return folder ? ['--cpu-prof', '--cpu-prof-dir', folder] : [];
}

/** Nothing of this environment that is a setting of the service reaches it. */
function environment({ dataDir, databaseUrl }: ServiceOptions, port: number): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    ...{ PATH, HOME, TMPDIR },
    APP_HOST: HOST,
    APP_PORT: String(port),
    DATA_DIR: dataDir,
    ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
  };
}

async function readiness(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-COMPLAINT_LENGTH);
  });
  const client = new HttpClient(url);
  const until = performance.now() + READY_MS_MAX;
  try {
    for (;;) {
      const status = await client.get('/health/ready').then(
        (answer) => answer.status,
        () => null,
      );
      if (status === 200) return;
      if (child.exitCode !== null || performance.now() > until)
        throw new Error(`The service did not get ready. It said:\n${said}`);
      await pause(ASK_EVERY_MS);
    }
  } finally {
    client.close();
  }
}
