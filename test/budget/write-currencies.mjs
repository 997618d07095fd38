import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format, resolveConfig } from 'prettier';

/** Writes libs/budget/domain/currencies.ts; with --check it tells whether the file is what would be written. */
const TARGET = new URL('../../libs/budget/domain/currencies.ts', import.meta.url);

/** What ISO added after the list in the package was published: XAD (amendment 179), and XCG in the place of ANG. */
const ADDED_LATER = { XAD: 2, XCG: 2 };

const list = readFileSync(
  createRequire(import.meta.url).resolve('currency-codes/iso-4217-list-one.xml'),
  'utf8',
);
const published = /Pblshd="([\d-]+)"/.exec(list)?.[1];

/** Of gold, of a bond market's unit and of the code for tests there is no minor unit (N.A.): they are no money here. */
const listed = [...list.matchAll(/<Ccy>([A-Z]{3})<\/Ccy>.*?<CcyMnrUnts>(\d)<\/CcyMnrUnts>/gs)].filter(
  ([entry]) => !entry.includes('</CcyNtry>'),
);
const digits = { ...ADDED_LATER };
for (const [, code, minorUnits] of listed) digits[code] = Number(minorUnits);
const entries = Object.keys(digits)
  .sort()
  .map((code) => `${code}: ${digits[code]},`);

const source = `// Written by test/budget/write-currencies.mjs (npm run currencies): change that, not this.

/**
 * How many decimals each currency of ISO 4217 has: list one of ${published} (https://www.iso.org/iso-4217-currency-codes.html, by
 * way of the package currency-codes), with XAD and XCG, which came later. Codes withdrawn since then stay, because what
 * was paid in them was paid in them. Codes without a minor unit (XAU, XXX) are left out.
 */
export const DECIMALS_OF_CURRENCIES: ReadonlyMap<string, number> = new Map(Object.entries({
${entries.join('\n')}
}));
`;

const path = TARGET.pathname;
const written = await format(source, { ...(await resolveConfig(path)), filepath: path });
if (!process.argv.includes('--check')) writeFileSync(TARGET, written);
else if (readFileSync(TARGET, 'utf8') !== written)
  throw new Error(`${path} is not what the list of currencies says: run npm run currencies.`);
