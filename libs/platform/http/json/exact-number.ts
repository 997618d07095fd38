/**
 * Says whether a JSON number survives being a double: the shortest decimal that reads back as its double,
 * which is what `JSON.stringify` writes, must denote the number that the text denotes. Takes time linear in
 * the text.
 */
export function isExactNumber(text: string): boolean {
  const double = Number(text);
  const shortest = String(double);
  if (shortest === text) return true;
  if (!Number.isFinite(double)) return false;
  // Both are of one magnitude, or the double is 0: so they are the same number when their digits are.
  return significantDigits(shortest) === significantDigits(text);
}

/** The digits of a number without zeros at either end; none for 0. */
function significantDigits(text: string): string {
  const [mantissa = ''] = text.split(/[eE]/, 1);
  const digits = mantissa.replace(/^-/, '').replace('.', '');
  let first = 0;
  while (digits.charAt(first) === '0') first++;
  let last = digits.length;
  while (last > first && digits.charAt(last - 1) === '0') last--;
  return digits.slice(first, last);
}
