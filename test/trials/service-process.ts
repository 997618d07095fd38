import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestDatabase } from '../test-database.js';

/** How to start. */
export interface ServiceProcessOptions {
  readonly database: TestDatabase;
  /** Settings, which have to give the same ENCRYPTION_KEYS to all processes on one database. */
  readonly env?: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, '../..');
/** It ends with whoever started it, also when that was killed and could stop nothing any more. */
const SCRIPT = `
  process.stdin.resume().on('close', () => process.kill(process.pid, 'SIGKILL'));
  require(${JSON.stringify(join(ROOT, 'apps/api/main.ts'))});`;
/** For what hangs, not for what is slow. */
const READY_MS_MAX = 300_000;
const SAID_LENGTH_MAX = 200_000;
const URL_LINE = /API reference\s+(http:\S+)\/docs/;

const living = new Set<ChildProcess>();

/** The service as it is started in earnest, in a process of its own that a test may kill. */
export class ServiceProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly output: readonly string[],
  ) {}

  /** Ready when it is given back, on a free port. */
  static async start({ database, env = {} }: ServiceProcessOptions): Promise<ServiceProcess> {
    const child = spawn(process.execPath, ['-r', join(ROOT, 'test/jest/register.cjs'), '-e', SCRIPT], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environment(database, env),
    });
    living.add(child);
    child.once('exit', () => living.delete(child));
    const output = keptOutput(child);
    return new ServiceProcess(await readyUrl(child, output), child, output);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isAlive(): boolean {
    return living.has(this.child);
  }

  /** What it said last, for people and for machines. */
  get said(): string {
    return this.output.join('');
  }

  /** At once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** As an operator stops it; gives its exit code. */
  async stop(): Promise<number | null> {
    await this.#end('SIGTERM');
    return this.child.exitCode;
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!this.isAlive) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }
}

/** Nothing of this environment that is a setting of the service reaches it. */
function environment(database: TestDatabase, env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    ...{ PATH, HOME, TMPDIR },
    ...{ DATABASE_URL: database.url, DATABASE_POOL_SIZE: '8', APP_PORT: '0', LOG_LEVEL: 'warn' },
    SCHEMA_JOB_MS: '10000', // Nothing that is right is ended because the machine is busy.
    ...env,
  };
}

function keptOutput(child: ChildProcess): string[] {
  const kept: string[] = [];
  let length = 0;
  const keep = (chunk: Buffer): void => {
    const text = chunk.toString();
    kept.push(text);
    length += text.length;
    while (length > SAID_LENGTH_MAX && kept.length > 1) length -= kept.shift()?.length ?? 0;
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return kept;
}

async function readyUrl(child: ChildProcess, output: readonly string[]): Promise<string> {
  const until = performance.now() + READY_MS_MAX;
  for (;;) {
    const url = URL_LINE.exec(output.join(''))?.[1];
    if (url !== undefined) return url;
    if (!living.has(child) || performance.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`The service did not start. It said:\n${output.join('')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
