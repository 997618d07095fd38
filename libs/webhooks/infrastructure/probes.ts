/** Of the receivers that fail, so many are tried at once by one replica; those that do well have room of their own. */
const PROBES_MAX = 64;

/** Leaves the room that somebody had; once. */
export type Leave = () => void;

/** Room for attempts to reach receivers that failed before. */
export class Probes {
  #count = 0;

  /** Null where there is no room. */
  enter(): Leave | null {
    if (this.#count >= PROBES_MAX) return null;
    this.#count += 1;
    return () => {
      this.#count -= 1;
    };
  }
}
