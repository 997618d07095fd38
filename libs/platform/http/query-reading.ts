import { InvalidInput } from '#shared-kernel';
import type { Violation } from '#shared-kernel';

const VALUES_MAX = 100;

type Read<T> = (text: string, pointer: string) => T;

/** Reads parameters of a query and notes what is wrong with each, so that it can be told together. */
export class QueryReading {
  readonly violations: Violation[] = [];

  /** Values of which any will do, not too many. */
  few(values: readonly string[] | undefined, pointer: string): readonly string[] | undefined {
    if (values && values.length > VALUES_MAX) {
      const detail = `It has at most ${VALUES_MAX} values.`;
      this.violations.push({ pointer, code: 'too_many', detail });
    }
    return values;
  }

  /** Likewise, each read by itself. */
  each<T>(values: readonly string[] | undefined, pointer: string, read: Read<T>): T[] | undefined {
    if (values === undefined || this.few(values, pointer) !== values || values.length > VALUES_MAX)
      return undefined;
    return values.flatMap((value) => this.one(value, pointer, read) ?? []);
  }

  one<T>(text: string | undefined, pointer: string, read: Read<T>): T | undefined {
    if (text === undefined) return undefined;
    try {
      return read(text, pointer);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      this.violations.push(...error.violations);
      return undefined;
    }
  }
}
