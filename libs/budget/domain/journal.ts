import type { ItemStatus } from './item.js';
import { decimalsOf, formatAmount } from './money.js';
import type { CurrencyCode } from './money.js';
import type { NamedItem } from './named-item.js';

/** What comes first in a journal of hledger: without it a dot could as well part thousands. */
export const JOURNAL_HEAD = 'decimal-mark .\n\n';

/** How amounts of a currency are written, with all their decimals; to be said before the first of them. */
export function commodityDirective(currency: CurrencyCode): string {
  return `commodity 1000.${'0'.repeat(decimalsOf(currency))} ${currency}\n\n`;
}

/**
 * One item as a transaction: out of `assets:<payor>` into `expenses:<category>`, or out of `income:<category>` into
 * `assets:<payee>`. Its id is the code, and whoever is not in an account is told before the bar (https://hledger.org/hledger.html).
 */
export function toJournalEntry(item: NamedItem): string {
  const [into, outOf, other] =
    item.flow === 'outflow'
      ? [categoryAccount('expenses', item), `assets:${accountName(item.payor)}`, item.payee]
      : [`assets:${accountName(item.payee)}`, categoryAccount('income', item), item.payor];
  const head = [item.transactionDate, MARKS[item.status], `(${item.id})`, descriptionOf(other, item.item)];
  const { amount, currency } = item;
  const lines = [
    head.filter((part) => part !== '').join(' '),
    ...commentsOf(item).map((comment) => `    ; ${comment}`.trimEnd()),
    `    ${into}  ${formatAmount({ minor: amount, currency })} ${currency}`,
    `    ${outOf}  ${formatAmount({ minor: -amount, currency })} ${currency}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

const MARKS: Readonly<Record<ItemStatus, string>> = {
  planned: '',
  pending: '!',
  cleared: '*',
  reconciled: '*',
};

/** What means something to hledger, and what looks like it and means nothing: two names stay two. */
const LOOKALIKES: Readonly<Record<string, string>> = { ':': '：', ';': '；', '|': '｜' };
const WHITE = /[\s\p{Cc}]+/gu;
const LINE_BREAK = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/** Two spaces end the name of an account, and a line break ends everything. */
const inOneLine = (text: string): string => text.replaceAll(WHITE, ' ').trim();

const accountName = (name: string): string =>
  inOneLine(name).replaceAll(/[:;]/g, (character) => LOOKALIKES[character] ?? character);

const categoryAccount = (root: string, { category }: NamedItem): string =>
  [root, ...(category ?? []).map(accountName)].join(':');

const descriptionOf = (other: string, item: string): string =>
  [inOneLine(other).replaceAll('|', LOOKALIKES['|'] ?? '|'), inOneLine(item)]
    .join(' | ')
    .replaceAll(';', LOOKALIKES[';'] ?? ';');

/** Tags, so that a journal can be asked by them, and the notes. */
function commentsOf(item: NamedItem): string[] {
  const facts = [
    ['status', item.status],
    ['payor_id', item.payorId],
    ['payee_id', item.payeeId],
    ['category_id', item.categoryId],
    ['team_id', item.teamId],
    ['environment', item.environment],
    ...Object.entries(item.labels).map(([key, value]) => [`label.${key}`, value] as const),
  ] as const;
  const tags = facts.flatMap(([name, value]) => (value === null ? [] : [`${name}:${inOneLine(value)}`]));
  const notes = item.notes === null ? [] : item.notes.split(LINE_BREAK).map(inOneLine);
  return [tags.join(', '), ...notes];
}
