import { AggregateRoot, InvalidInput, labelMistakes, lengthOf } from '#shared-kernel';
import type { Labels, Stamp, Violation } from '#shared-kernel';
import { isCalendarDate } from './calendar.js';
import type { CalendarDate } from './calendar.js';
import type { CategoryId, ImportId, ItemId, PayeeId } from './identity.js';
import { ItemReconciled } from './item-errors.js';
import { MINOR_MAX } from './money.js';
import type { CurrencyCode } from './money.js';

export type { CalendarDate } from './calendar.js';

export const FLOWS = ['inflow', 'outflow'] as const;
export type Flow = (typeof FLOWS)[number];

export const ITEM_STATUSES = ['planned', 'pending', 'cleared', 'reconciled'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

export const ITEM_LENGTH_MAX = 200;
export const NOTES_LENGTH_MAX = 10_000;
export const ITEM_ENVIRONMENT_LENGTH_MAX = 63;
export const NO_DATE = 'It must be a day of the calendar, for example 2026-05-01.';

/** The part of an item that has a history and can be rolled back. */
export interface ItemContent {
  readonly item: string;
  /** In minor units of the currency, above zero: the flow gives the sign. */
  readonly amount: bigint;
  readonly currency: CurrencyCode;
  readonly flow: Flow;
  readonly payorId: PayeeId;
  readonly payeeId: PayeeId;
  readonly categoryId: CategoryId | null;
  readonly transactionDate: CalendarDate;
  readonly status: ItemStatus;
  /** A team of the catalog. */
  readonly teamId: string | null;
  /** A key of an environment of the catalog. */
  readonly environment: string | null;
  readonly notes: string | null;
  readonly labels: Labels;
}

/** Everything there is to know about an item. */
export interface ItemState extends ItemContent {
  readonly id: ItemId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
  /** The file it came from; null: it was entered by itself. */
  readonly importId: ImportId | null;
  /** What its line is known by when the file comes again. */
  readonly importKey: string | null;
}

/** What never changes of an item. */
export type ItemIdentity = Pick<ItemState, 'id' | 'tenant'> &
  Partial<Pick<ItemState, 'importId' | 'importKey'>>;

/** What is to change; absent leaves as it is. */
export type ItemRevision = Partial<ItemContent>;

/** Something that was paid, or is to be: how much, by whom, to whom. */
export class Item extends AggregateRoot<ItemState> {
  /** @throws InvalidInput */
  static enter(identity: ItemIdentity, content: ItemContent, reason: string | null = null): Item {
    const item = new Item({
      importId: null,
      importKey: null,
      ...identity,
      ...checked(content),
      version: 0,
      stamp: null,
    });
    item.record('created', { reason });
    return item;
  }

  /** Rebuilds a stored item; for repositories and tests alone. */
  static restore(state: ItemState): Item {
    return new Item(state);
  }

  /**
   * Changes what is named and leaves the rest. What is as it was before makes no new version.
   * @throws InvalidInput, ItemReconciled
   */
  revise(revision: ItemRevision, reason: string | null): void {
    if (this.#become(revision)) this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. @throws ItemReconciled */
  revertTo(past: ItemContent, version: number, reason: string | null): void {
    this.#become(contentOf(past));
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /**
   * One party became another one. Who it was stays the same, so that a reconciled item goes along.
   * @throws InvalidInput when the other side is that party already
   */
  moveParty(from: PayeeId, to: PayeeId, reason: string | null): void {
    const moved = (id: PayeeId): PayeeId => (id === from ? to : id);
    const { payorId, payeeId } = this.state;
    const next = { ...this.state, payorId: moved(payorId), payeeId: moved(payeeId) };
    if (sameContent(next, this.state)) return;
    checked(next);
    this.state = next;
    this.record('party_merged', { reason });
  }

  /** Another team stands for one that is dissolved; likewise, a reconciled item goes along. */
  handOver(from: string, to: string, reason: string | null): void {
    if (this.state.teamId !== from || from === to) return;
    this.state = { ...this.state, teamId: to };
    this.record('handed_over', { reason });
  }

  /** Takes it away; its entries in the change log stay. @throws ItemReconciled */
  delete(reason: string | null): void {
    if (this.state.status === 'reconciled') throw new ItemReconciled();
    this.record('deleted', { reason, removes: true });
  }

  /** Takes back that it came with a file: one that is still as it came goes, whatever its status. @throws ItemReconciled */
  withdraw(reason: string | null): void {
    if (this.state.version > 1) return this.delete(reason);
    this.record('deleted', { reason, removes: true });
  }

  #become(revision: ItemRevision): boolean {
    const next: ItemState = { ...this.state, ...revision };
    if (this.state.status === 'reconciled' && !sameContent(unannotated(next), unannotated(this.state)))
      throw new ItemReconciled();
    checked(next);
    if (sameContent(next, this.state)) return false;
    this.state = next;
    return true;
  }
}

/** Without what may be said of a reconciled item, too. */
const unannotated = (content: ItemContent): ItemContent => ({ ...content, notes: null, labels: {} });

/** The content alone. */
export const contentOf = (content: ItemContent): ItemContent => ({
  item: content.item,
  amount: content.amount,
  currency: content.currency,
  flow: content.flow,
  payorId: content.payorId,
  payeeId: content.payeeId,
  categoryId: content.categoryId,
  transactionDate: content.transactionDate,
  status: content.status,
  teamId: content.teamId,
  environment: content.environment,
  notes: content.notes,
  labels: content.labels,
});

/** True when both say the same of an item. */
export function sameContent(a: ItemContent, b: ItemContent): boolean {
  const { labels, ...rest } = contentOf(a);
  const other = contentOf(b);
  return (
    Object.entries(rest).every(([name, value]) => value === other[name as keyof ItemContent]) &&
    sameLabels(labels, other.labels)
  );
}

const sameLabels = (a: Labels, b: Labels): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => Object.hasOwn(b, key) && b[key] === value);

/** That nobody pays themselves, told at the side that was named last. */
export const samePartyAt = (pointer: string): Violation => ({
  pointer,
  code: 'same_party',
  detail: 'Payor and payee are two.',
});

/** @throws InvalidInput with all that is wrong */
function checked(content: ItemContent): ItemContent {
  const violations = contentMistakes(content);
  if (violations.length > 0) throw new InvalidInput(violations);
  return content;
}

type Sides = 'payorId' | 'payeeId';

/** All that is wrong with it, of the parties as far as they are known. */
export function contentMistakes(
  content: Omit<ItemContent, Sides> & Partial<Pick<ItemContent, Sides>>,
): Violation[] {
  const { item, amount, payorId, payeeId, transactionDate, notes, environment } = content;
  return [
    ...lengthMistakes(item, '/item', ITEM_LENGTH_MAX),
    ...amountMistakes(amount),
    ...(payorId !== undefined && payorId === payeeId ? [samePartyAt('/payee_id')] : []),
    ...(isCalendarDate(transactionDate)
      ? []
      : [{ pointer: '/transaction_date', code: 'date', detail: NO_DATE }]),
    ...lengthMistakes(environment, '/environment', ITEM_ENVIRONMENT_LENGTH_MAX),
    ...lengthMistakes(notes, '/notes', NOTES_LENGTH_MAX),
    ...labelMistakes(content.labels, '/labels'),
  ];
}

/** An amount of nothing says nothing, and the flow gives the sign. */
export function amountMistakes(amount: bigint): Violation[] {
  const pointer = '/amount';
  if (amount <= 0n)
    return [{ pointer, code: 'not_positive', detail: 'It must be above zero; flow gives the sign.' }];
  return amount <= MINOR_MAX ? [] : [{ pointer, code: 'too_large', detail: 'It is more than can be kept.' }];
}

function lengthMistakes(text: string | null, pointer: string, max: number): Violation[] {
  if (text === null || (text.trim() !== '' && lengthOf(text) <= max)) return [];
  const code = text.trim() === '' ? 'too_short' : 'too_long';
  return [{ pointer, code, detail: `It must have 1 to ${max} characters, not all of them spaces.` }];
}
