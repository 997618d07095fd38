import { AggregateRoot, checkedLabels, InvalidInput, together } from '#shared-kernel';
import type { Labels, Stamp } from '#shared-kernel';
import type { PayeeId } from './identity.js';
import { checkedName } from './names.js';

export const EMAIL_LENGTH_MAX = 254;
export const PHONE = /^\+[1-9]\d{1,14}$/;
const EMAIL = /^[^\s\p{Cc}@<>,;:"]{1,64}@[^\s\p{Cc}@<>,;:"]{1,189}$/u;

/** The part of a payee that has a history and can be rolled back. */
export interface PayeeContent {
  /** Not of its own: two payees may be called the same. */
  readonly name: string;
  readonly email: string | null;
  /** As E.164 writes it: a plus and at most 15 digits. */
  readonly phone: string | null;
  readonly labels: Labels;
}

/** Everything there is to know about a payee. */
export interface PayeeState extends PayeeContent {
  readonly id: PayeeId;
  readonly tenant: string | null;
  readonly version: number;
  readonly stamp: Stamp | null;
}

/** What is to change; absent leaves as it is. */
export type PayeeRevision = Partial<PayeeContent>;

/** Somebody who pays or is paid: of an item one is the payor and another one the payee. */
export class Payee extends AggregateRoot<PayeeState> {
  /** @throws InvalidInput */
  static create(
    identity: { readonly id: PayeeId; readonly tenant: string | null },
    content: PayeeContent,
    reason: string | null = null,
  ): Payee {
    const payee = new Payee({ ...identity, version: 0, stamp: null, ...checked(content) });
    payee.record('created', { reason });
    return payee;
  }

  /** Rebuilds a stored payee; for repositories and tests alone. */
  static restore(state: PayeeState): Payee {
    return new Payee(state);
  }

  /** Changes what is named and leaves the rest. What is as it was before makes no new version. @throws InvalidInput */
  revise(revision: PayeeRevision, reason: string | null): void {
    const next = { ...this.state, ...checked({ ...contentOf(this.state), ...revision }) };
    if (sameContent(next, this.state)) return;
    this.state = next;
    this.record('updated', { reason });
  }

  /** Going back is going forward: an old content becomes the newest version. */
  revertTo(past: PayeeContent, version: number, reason: string | null): void {
    this.state = { ...this.state, ...contentOf(past) };
    this.record('rolled_back', { reason, rolledBackFrom: version });
  }

  /** Takes it away; its history stays. */
  delete(reason: string | null): void {
    this.record('deleted', { reason, removes: true });
  }

  /** Takes it away because it is another one: what was between it and others is the other one's by then. */
  mergeAway(reason: string | null): void {
    this.record('merged', { reason, removes: true });
  }
}

/** The content alone. */
export const contentOf = ({ name, email, phone, labels }: PayeeContent): PayeeContent => ({
  name,
  email,
  phone,
  labels,
});

/** True when both say the same of a payee. */
export function sameContent(a: PayeeContent, b: PayeeContent): boolean {
  const keys = Object.keys(a.labels);
  return (
    a.name === b.name &&
    a.email === b.email &&
    a.phone === b.phone &&
    keys.length === Object.keys(b.labels).length &&
    keys.every((key) => Object.hasOwn(b.labels, key) && a.labels[key] === b.labels[key])
  );
}

/** @throws InvalidInput with everything that breaks a rule */
const checked = ({ name, email, phone, labels }: PayeeContent): PayeeContent =>
  together<PayeeContent>({
    name: () => checkedName(name),
    email: () => checkedEmail(email),
    phone: () => checkedPhone(phone),
    labels: () => checkedLabels(labels),
  });

/** A sane check and no more: whether mail arrives only mail can tell. */
function checkedEmail(email: string | null): string | null {
  if (email === null || (email.length <= EMAIL_LENGTH_MAX && EMAIL.test(email))) return email;
  const detail = `It is an address of at most ${EMAIL_LENGTH_MAX} characters, for example ada@example.com.`;
  throw InvalidInput.at('/email', 'email', detail);
}

function checkedPhone(phone: string | null): string | null {
  if (phone === null || PHONE.test(phone)) return phone;
  const detail =
    'It is a number in the form of E.164, a plus and 2 to 15 digits with nothing between: +4930123456.';
  throw InvalidInput.at('/phone', 'pattern', detail);
}
