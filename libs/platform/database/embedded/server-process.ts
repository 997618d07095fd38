import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerAccount } from './server-account.js';

/** How to run the server. */
export interface ServerOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly account: ServerAccount | null;
  readonly logFile: string;
}

/**
 * Runs the server and holds a pipe from this process. When the pipe closes, however this process ends, the server is told
 * to shut down cleanly. Signals of the terminal do not reach it, because it has a session of its own.
 */
const WATCHDOG = `
  exec 3<&0
  trap '' INT TERM HUP
  "$@" 3<&- </dev/null &
  server=$!
  (cat <&3 >/dev/null; kill -INT $server) 2>/dev/null &
  wait $server
`;
const LOG_TAIL_BYTES = 4_000;
const STOP_MS_MAX = 20_000;

/** A running server and the shell that watches over it. */
export class ServerProcess {
  #exited = false;

  private constructor(
    private readonly shell: ChildProcess,
    private readonly logFile: string,
    private readonly logStart: number,
  ) {
    shell.once('exit', () => {
      this.#exited = true;
    });
    shell.once('error', () => {
      this.#exited = true;
    });
    shell.stdin?.on('error', () => undefined);
  }

  static start({ command, account, logFile }: ServerOptions): ServerProcess {
    // Appended to: should another process have the cluster, its log goes on undisturbed.
    const log = openSync(logFile, 'a', 0o600);
    const { size } = fstatSync(log);
    const shell = spawn('/bin/sh', ['-c', WATCHDOG, 'metastore-postgres', ...command], {
      detached: true,
      stdio: ['pipe', log, log],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    closeSync(log);
    shell.unref();
    return new ServerProcess(shell, logFile, size);
  }

  get hasExited(): boolean {
    return this.#exited;
  }

  /** The end of what this server wrote, for whoever has to find out why it does not run. */
  async logTail(): Promise<string> {
    const bytes = await readFile(this.logFile).catch(() => Buffer.alloc(0));
    return bytes.subarray(Math.max(this.logStart, bytes.length - LOG_TAIL_BYTES)).toString();
  }

  /** Sessions are ended, everything is written, and then it is gone. Stopping twice is stopping once. */
  async stop(): Promise<void> {
    if (this.#exited) return;
    this.shell.ref();
    const gone = once(this.shell, 'exit');
    this.shell.stdin?.end();
    const tooLong = setTimeout(() => this.#kill(), STOP_MS_MAX);
    await gone;
    clearTimeout(tooLong);
  }

  /** The whole group: crash recovery at the next start brings everything back. */
  #kill(): void {
    if (this.shell.pid !== undefined) process.kill(-this.shell.pid, 'SIGKILL');
  }
}
