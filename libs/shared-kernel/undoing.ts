import type { UnitOfWork } from './unit-of-work.js';

/** Ends work that went well, so that nothing of it stays. */
class Undone extends Error {}

/** Does the work, takes back everything that it wrote, and gives what it gave; what it refuses is refused. */
export async function undoing<T>(unitOfWork: UnitOfWork, work: () => Promise<T>): Promise<T> {
  const results: T[] = [];
  try {
    await unitOfWork.attempt(async () => {
      results.push(await work());
      throw new Undone();
    });
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
  return results.at(-1) as T; // The work may have run more than once.
}
