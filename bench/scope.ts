/** What was started or made, to be stopped and removed in the opposite order, however the work ends. */
export class Scope {
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  defer(cleanup: () => Promise<unknown>): void {
    this.#cleanups.push(cleanup);
  }

  /** Does every clean-up, and then throws what the first failed one threw. Closing twice is closing once. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let cleanup = this.#cleanups.pop(); cleanup; cleanup = this.#cleanups.pop()) {
      await cleanup().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Closes the scope after the work, also when that fails. */
export async function within<T>(scope: Scope, work: (scope: Scope) => Promise<T>): Promise<T> {
  try {
    return await work(scope);
  } finally {
    await scope.close();
  }
}
