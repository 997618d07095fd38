import { isDeepStrictEqual } from 'node:util';
import type { FlagDefinition, FlagValue } from '#flag-evaluator';
import { NotInFlagd } from './logic.js';

/** In flagd every value has a name: this names those that have none yet. */
export class VariantNames {
  readonly #values = new Map<string, FlagValue>();

  /** @throws NotInFlagd */
  constructor({ variants }: Pick<FlagDefinition, 'variants'>) {
    for (const { name, value } of variants) this.#put(name, value);
  }

  get all(): ReadonlyMap<string, FlagValue> {
    return this.#values;
  }

  /** The name of a value: one that it has, or else a new one. @throws NotInFlagd */
  of(value: FlagValue, wish: string): string {
    for (const [name, known] of this.#values) if (isDeepStrictEqual(known, value)) return name;
    const wanted = typeof value === 'boolean' ? (value ? 'on' : 'off') : wish;
    let name = wanted;
    for (let count = 2; this.#values.has(name); count++) name = `${wanted}-${count}`;
    this.#put(name, value);
    return name;
  }

  #put(name: string, value: FlagValue): void {
    if (Array.isArray(value)) throw new NotInFlagd('list', 'flagd has no lists as values.');
    this.#values.set(name, value);
  }
}
