import type { BudgetState } from './budget.js';
import type { CalendarDate, ItemState } from './item.js';
import { periodIndexOf } from './period.js';
import { spentBy } from './scope.js';
import type { CategoryLines } from './scope.js';

/** What an item was and is: of one that is made there is no before, of one that is taken away no after. */
export interface ItemNote {
  readonly before: ItemState | null;
  readonly after: ItemState | null;
}

/** What changes of items add to the periods of one budget. */
export class Tally {
  readonly #added = new Map<number, bigint>();
  readonly #lastItems = new Map<number, string>();
  /** Many items are of few days, and to reckon a period costs more than all the rest. */
  readonly #periods = new Map<CalendarDate, number | null>();

  constructor(
    readonly budget: BudgetState,
    private readonly lines: CategoryLines,
  ) {}

  note({ before, after }: ItemNote): void {
    if (before) this.#add(before, -1n);
    if (after) this.#add(after, 1n);
  }

  /** By the number of the period; where it comes to nothing, there is none. */
  get added(): ReadonlyMap<number, bigint> {
    return new Map([...this.#added].filter(([, spent]) => spent !== 0n));
  }

  /** The last item that counts now, by the number of its period. */
  get lastItems(): ReadonlyMap<number, string> {
    return this.#lastItems;
  }

  #add(item: ItemState, sign: bigint): void {
    if (item.tenant !== this.budget.tenant) return;
    const spent = spentBy(item, this.budget, this.lines);
    if (spent === null) return;
    const index = this.#periodOf(item.transactionDate);
    if (index === null) return;
    this.#added.set(index, (this.#added.get(index) ?? 0n) + sign * spent);
    if (sign > 0n) this.#lastItems.set(index, item.id);
  }

  #periodOf(date: CalendarDate): number | null {
    const known = this.#periods.get(date);
    if (known !== undefined) return known;
    const index = periodIndexOf(this.budget, date);
    this.#periods.set(date, index);
    return index;
  }
}
