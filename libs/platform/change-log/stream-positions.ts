/**
 * How far this process knows each stream. Own commits are announced at once and may come out of order; once the row
 * of numbers is unbroken nothing has to be read back.
 */
export class StreamPositions {
  readonly #known = new Map<string, number>();
  readonly #ahead = new Map<string, Set<number>>();

  /** The revision up to which everything has been announced; 0 for a stream never seen. */
  of(tenant: string): number {
    return this.#known.get(tenant) ?? 0;
  }

  /** Starts here: what is older was never asked for. */
  startAt(tenant: string, revision: number): void {
    this.#known.set(tenant, Math.max(this.of(tenant), revision));
    this.#close(tenant, this.#ahead.get(tenant) ?? new Set());
  }

  /** Gives false when this revision was announced before. */
  announce(tenant: string, revision: number): boolean {
    if (revision <= this.of(tenant)) return false;
    const ahead = this.#ahead.get(tenant) ?? new Set();
    if (ahead.has(revision)) return false;
    ahead.add(revision);
    this.#close(tenant, ahead);
    return true;
  }

  #close(tenant: string, ahead: Set<number>): void {
    let next = this.of(tenant) + 1;
    while (ahead.delete(next)) next += 1;
    this.#known.set(tenant, next - 1);
    if (ahead.size > 0) this.#ahead.set(tenant, ahead);
    else this.#ahead.delete(tenant);
  }
}
