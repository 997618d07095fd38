const STRETCH_MILLISECONDS = 20;

/** Long work that nobody else in the process shall wait for: between its steps it lets everything else go on. */
export class Breather {
  #since = performance.now();

  /** Whoever waits gets a turn, when the work has gone on for 20 ms at a stretch. */
  async pause(): Promise<void> {
    if (performance.now() - this.#since < STRETCH_MILLISECONDS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}
