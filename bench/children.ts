import { fork, spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

const STOP_MS_MAX = 30_000;
const living = new Set<ChildProcess>();

/** Whatever happens to this process while it can still act, no child of it stays. */
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

export function startChild(
  command: string,
  parameters: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  return watched(spawn(command, parameters, options));
}

/** A module of this folder in a process of its own, with a channel for messages. */
export function startModule(module: URL): ChildProcess {
  return watched(fork(module, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
}

/** Asks a module and waits for the one answer that it gives. */
export async function ask<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  const answered = once(child, 'message').then(([answer]) => answer as Answer);
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${child.spawnargs.join(' ')} ended with ${String(code)} instead of an answer.`);
  });
  child.send(question);
  return Promise.race([answered, gone]);
}

/** Asks it to end, and ends it when it does not. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (!living.has(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await gone;
  clearTimeout(tooLong);
}

function watched(child: ChildProcess): ChildProcess {
  living.add(child);
  child.once('exit', () => living.delete(child));
  child.once('error', () => living.delete(child));
  return child;
}
