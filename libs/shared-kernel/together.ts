import { InvalidInput } from './domain-error.js';
import type { Violation } from './domain-error.js';

/**
 * Makes several things that do not depend on each other, each by its own function, and tells the mistakes of all of them
 * at once. Any other refusal ends it there.
 * @throws InvalidInput
 */
export function together<T extends object>(makers: { readonly [Name in keyof T]: () => T[Name] }): T {
  const violations: Violation[] = [];
  const made: Partial<T> = {};
  for (const name of Object.keys(makers) as (keyof T)[]) {
    try {
      made[name] = makers[name]();
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      violations.push(...error.violations);
    }
  }
  if (violations.length > 0) throw new InvalidInput(violations);
  return made as T;
}
