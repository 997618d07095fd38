import { readFile } from 'node:fs/promises';
import type { LoadResult } from './load.js';

/** Of the kernel, for whoever reads /proc. */
const TICKS_PER_SECOND = 100;
const MICROSECONDS = 1_000_000;

/** A load, and what it cost the process that answered. */
export interface CostedLoad extends LoadResult {
  /** Processor time for each request, user and system; null where the system does not tell. */
  readonly cpuMicroseconds: number | null;
}

/** Says more than requests a second where others use the machine too: time in which a process waited is not in it. */
export async function withProcessorTime(
  pid: number | undefined,
  run: () => Promise<LoadResult>,
): Promise<CostedLoad> {
  const before = await cpuSeconds(pid);
  const result = await run();
  const after = await cpuSeconds(pid);
  const isKnown = before !== null && after !== null;
  return { ...result, cpuMicroseconds: isKnown ? ((after - before) / result.count) * MICROSECONDS : null };
}

async function cpuSeconds(pid: number | undefined): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // The name before may hold anything.
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
