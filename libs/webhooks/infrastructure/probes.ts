/** Of the receivers that fail, so many are tried at once by one replica; those that do well have room of their own. */
const PROBES_MAX = 64;

/** Room for attempts to reach receivers that failed before. */
export class Probes {
  #count = 0;

  enter(): boolean {
    if (this.#count >= PROBES_MAX) return false;
    this.#count += 1;
    return true;
  }

  leave(): void {
    this.#count -= 1;
  }
}
