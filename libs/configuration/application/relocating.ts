import { EffectiveInvalid, FinalKeyOverridden } from '../domain/effective/errors.js';
import type { Relocate } from '../domain/effective/errors.js';

/** Does the work; what the check at its end refuses is told at the places of what the caller sent. */
export async function relocating<T>(relocate: Relocate, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FinalKeyOverridden || error instanceof EffectiveInvalid)
      throw error.relocated(relocate);
    throw error;
  }
}
