import { factOf } from './question.js';
import type { LogLine } from './question.js';

/** What a reader was told, by stream, in the order in which it was told. */
export class Seen {
  readonly #facts = new Map<string, string[]>();
  #count = 0;

  take({ id, source, partitionkey, data }: any): void {
    if (partitionkey !== data.id) throw new Error(`The key of ${id} is not its aggregate.`);
    const stream = streamOf(source);
    const facts = this.#facts.get(stream) ?? [];
    this.#facts.set(stream, facts);
    facts.push(`${id} ${data.id}@${data.version}`);
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  of(stream: string): readonly string[] {
    return this.#facts.get(stream) ?? [];
  }
}

/** The first place in which the reader was not told what is in the log; null where it was told all of it, once, in order. */
export function firstDifference(seen: Seen, stream: string, log: readonly LogLine[]): object | null {
  const told = seen.of(stream);
  const expected = log.filter((line) => line.stream === stream).map(factOf);
  const at = expected.findIndex((fact, index) => told[index] !== fact);
  if (at < 0 && told.length === expected.length) return null;
  const first = at < 0 ? expected.length : at;
  const around = (facts: readonly string[]): readonly string[] =>
    facts.slice(Math.max(0, first - 1), first + 3);
  return { stream, first, of: expected.length, told: around(told), expected: around(expected) };
}

const streamOf = (source: string): string => {
  const name = source.replace('/metastore/', '');
  return name === 'shared' ? '_shared' : name;
};
