/** One run of the work at a time; whoever asks meanwhile is answered by one more after it. It never fails: the work tells by itself. */
export class Gathered {
  #running: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(private readonly work: () => Promise<void>) {}

  ask(): void {
    if (this.#running) this.#isAskedAgain = true;
    else this.#running = this.#run();
  }

  /** When nothing is under way any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      await this.work().catch(() => undefined);
    } while (this.#isAskedAgain);
    this.#running = null;
  }
}
