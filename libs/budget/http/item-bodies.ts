import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { InvalidInput, lengthOf } from '#shared-kernel';
import { CallContext, writeTenant } from '#platform/context';
import { changedLabels, checkBody, expectNone, isUuid, Reading, readLabels, reasonOf } from '#platform/http';
import type { AskedChange, CheckedBody, Manner } from '#platform/http';
import type { ItemChanges, NewItem, Party, ReviseItem } from '../application/item.service.js';
import { isCalendarDate } from '../domain/calendar.js';
import { itemId } from '../domain/identity.js';
import type { CategoryId, PayeeId } from '../domain/identity.js';
import { amountMistakes, NO_DATE, samePartyAt } from '../domain/item.js';
import type { Flow, ItemState, ItemStatus } from '../domain/item.js';
import { decimalsOf } from '../domain/money.js';
import type { CurrencyCode } from '../domain/money.js';
import { checkedName, NAME_LENGTH_MAX } from '../domain/names.js';
import { CreateItemBody, ReviseItemBody } from './item.dto.js';
import { readAmount, readCurrency } from './money.wire.js';

type Raw = Readonly<Record<string, unknown>>;

/** From bodies of items to what the service takes; everything that is wrong is told together. */
@Injectable()
export class ItemBodies {
  constructor(private readonly context: CallContext) {}

  /** @throws InvalidInput, TenantForbidden */
  async toNew(sent: unknown): Promise<NewItem> {
    const { body, raw, violations } = await checkBody(CreateItemBody, sent);
    const reading = new Reading();
    const currency = readCurrency(raw['currency'], '/currency', reading);
    const amount = readPositive(raw, currency, reading);
    const sides = readSides(raw, reading);
    for (const side of ['payor', 'payee'] as const)
      if (!isSaid(raw, side)) reading.note('required', `/${side}_id`, `Say ${side}_id, or ${side}.`);
    const labels = readLabels(raw['labels'], reading);
    const transactionDate = readDate(raw['transaction_date'], reading) ?? null;
    expectNone([...violations, ...reading.violations]);
    const { payor, payee } = sides;
    if (currency === null || amount === null || !payor || !payee) throw new Error('All of it was read.');
    return {
      id: itemId(body.id ?? uuidv7()),
      idIsGiven: body.id !== undefined,
      tenant: writeTenant(this.context.current.caller, body.tenant_id),
      content: {
        ...{
          item: body.item,
          amount,
          currency,
          flow: flowOf(body.flow),
          payor,
          payee,
          transactionDate,
          labels,
        },
        categoryId: lower(body.category_id) as CategoryId | null,
        status: (body.status ?? 'pending') as ItemStatus,
        teamId: lower(body.team_id),
        environment: body.environment ?? null,
        notes: body.notes ?? null,
      },
      reason: body.change_reason ?? null,
    };
  }

  /** A body that cannot be read is told once the item is there. */
  async toRevision(sent: unknown, manner: Manner): Promise<AskedChange<ReviseItem>> {
    const checked = await checkBody(ReviseItemBody, sent);
    return { asked: (current) => readItem(checked, current, manner), reason: reasonOf(checked) };
  }
}

/** What a body says of an item that is there. @throws InvalidInput with all that is wrong */
function readItem(
  { body, raw, violations }: CheckedBody<ReviseItemBody>,
  current: ItemState,
  manner: Manner,
): ItemChanges {
  const reading = new Reading();
  const transactionDate = readDate(raw['transaction_date'], reading);
  const changes: ItemChanges = {
    ...(body.item !== undefined && { item: body.item }),
    ...readMoneyOf(raw, current.currency, reading),
    ...(body.flow !== undefined && { flow: flowOf(body.flow) }),
    ...readSides(raw, reading),
    ...(body.category_id !== undefined && { categoryId: lower(body.category_id) as CategoryId | null }),
    ...(transactionDate !== undefined && { transactionDate }),
    ...(body.status !== undefined && { status: body.status as ItemStatus }),
    ...(body.team_id !== undefined && { teamId: lower(body.team_id) }),
    ...(body.environment !== undefined && { environment: body.environment }),
    ...(body.notes !== undefined && { notes: body.notes }),
    ...(raw['labels'] !== undefined && {
      labels: changedLabels(current.labels, raw['labels'], manner, reading),
    }),
  };
  expectNone([...violations, ...reading.violations]);
  return changes;
}

/** A number of minor units is another amount where a currency has other decimals: then it has to be said anew. */
function readMoneyOf(
  raw: Raw,
  current: CurrencyCode,
  reading: Reading,
): { readonly amount?: bigint; readonly currency?: CurrencyCode } {
  const isCurrencySaid = raw['currency'] !== undefined;
  const currency = isCurrencySaid ? readCurrency(raw['currency'], '/currency', reading) : current;
  const said = isCurrencySaid && currency !== null ? { currency } : {};
  if (['amount', 'dollars', 'cents'].some((name) => raw[name] !== undefined)) {
    const amount = readPositive(raw, currency, reading);
    return amount === null ? said : { ...said, amount };
  }
  if (currency !== null && decimalsOf(currency) !== decimalsOf(current)) {
    const detail = `${currency} has other decimals than ${current}: say the amount, too.`;
    reading.note('required', '/amount', detail);
  }
  return said;
}

function readPositive(raw: Raw, currency: CurrencyCode | null, reading: Reading): bigint | null {
  const amount = readAmount(raw, currency, '', reading);
  if (amount === null) return null;
  const place = ['amount', 'dollars', 'cents'].find((name) => raw[name] !== undefined) ?? 'amount';
  for (const { code, detail } of amountMistakes(amount)) reading.note(code, `/${place}`, detail);
  return amount;
}

/** Undefined where nothing is said. */
function readDate(sent: unknown, reading: Reading): string | undefined {
  if (sent === undefined) return undefined;
  if (typeof sent !== 'string') reading.note('type', '/transaction_date', 'It must be a string.');
  else if (!isCalendarDate(sent)) reading.note('date', '/transaction_date', NO_DATE);
  return typeof sent === 'string' ? sent : undefined;
}

const isSaid = (raw: Raw, side: 'payor' | 'payee'): boolean =>
  raw[side] !== undefined || raw[`${side}_id`] !== undefined;

/** Both sides, by id or by name; that they are two is told here as far as it shows. */
function readSides(raw: Raw, reading: Reading): { readonly payor?: Party; readonly payee?: Party } {
  const payor = readParty(raw, 'payor', reading);
  const payee = readParty(raw, 'payee', reading);
  if (payor && payee && 'id' in payor && 'id' in payee && payor.id === payee.id) {
    const { code, pointer, detail } = samePartyAt('/payee_id');
    reading.note(code, pointer, detail);
  }
  return { ...(payor && { payor }), ...(payee && { payee }) };
}

/** What is no id and no text, or a text of the wrong length, is told by the decorators. */
function readParty(raw: Raw, side: 'payor' | 'payee', reading: Reading): Party | null {
  const { [side]: name, [`${side}_id`]: id } = raw;
  if (name !== undefined && id !== undefined) {
    reading.note('conflict', `/${side}`, `Send ${side}_id or ${side}: not both.`);
    return null;
  }
  if (typeof id === 'string') return isUuid(id) ? { id: id.toLowerCase() as PayeeId } : null;
  if (typeof name !== 'string' || name === '' || lengthOf(name) > NAME_LENGTH_MAX) return null;
  try {
    return { name: checkedName(name, `/${side}`) };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    for (const { code, pointer, detail } of error.violations) reading.note(code, pointer, detail);
    return null;
  }
}

/** By its sign, too. */
export const flowOf = (word: string): Flow => {
  if (word === '+') return 'inflow';
  return word === '-' ? 'outflow' : (word as Flow);
};

const lower = (id: string | null | undefined): string | null =>
  typeof id === 'string' ? id.toLowerCase() : null;
