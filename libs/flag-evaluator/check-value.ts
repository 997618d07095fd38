import type { FlagType, FlagValue, Json } from './definition.js';

/** Takes one thing that is wrong; the pointer is one of `FlagDefinition` or `SegmentDefinition`. */
export type Report = (pointer: string, code: string, detail: string) => void;

const TEXT_BYTES_MAX = 65_536;
const DEPTH_MAX = 64;
const MILLISECONDS_MAX = 8_640_000_000_000_000; // As far as a Date reaches.
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

interface Nested {
  readonly value: Json;
  readonly depth: number;
}

/** A name in a JSON Pointer (RFC 6901). */
export const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** The bytes of a text in JSON; of one that is too large, as many as it takes to see that. */
function textBytes(text: string): number {
  let bytes = 2;
  for (let index = 0; index < text.length && bytes <= TEXT_BYTES_MAX; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20) bytes += 6;
    else if (unit < 0x80) bytes += unit === 0x22 || unit === 0x5c ? 2 : 1;
    else bytes += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 2 : 3;
  }
  return bytes;
}

const scalarBytes = (value: null | boolean | number | string): number =>
  typeof value === 'string' ? textBytes(value) : String(value).length;

/** Without recursion, and no further than the limits: the depth of a value, or a circle in it, cannot harm. */
function valueProblem(root: Json): readonly [code: string, detail: string] | null {
  const open: Nested[] = [{ value: root, depth: 1 }];
  let bytes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'number' && !Number.isFinite(value))
      return ['type', 'JSON has finite numbers alone.'];
    if (typeof value !== 'object' || value === null) bytes += scalarBytes(value) + 1;
    else {
      if (depth > DEPTH_MAX) return ['too_deep', `A value has at most ${DEPTH_MAX} levels.`];
      bytes += 3;
      for (const [name, nested] of Object.entries<Json>(value)) {
        bytes += Array.isArray(value) ? 0 : textBytes(name) + 1;
        if (bytes > TEXT_BYTES_MAX) break;
        open.push({ value: nested, depth: depth + 1 });
      }
    }
    if (bytes > TEXT_BYTES_MAX + 1)
      return ['too_large', `A value has at most ${TEXT_BYTES_MAX} bytes of JSON text.`];
  }
  return null;
}

function isOfType(value: FlagValue, type: FlagType): boolean {
  return type === 'object' ? typeof value === 'object' : typeof value === type;
}

/** Checks a value by itself: numbers are finite, and it is neither too large nor too deep. */
export function checkValue(value: FlagValue | null, pointer: string, report: Report): void {
  if (value === null) {
    report(pointer, 'required', 'A value is not null.');
    return;
  }
  const problem = valueProblem(value);
  if (problem !== null) report(pointer, ...problem);
}

/** Checks a value that a flag of this type serves, or says where it stands that it does. */
export function valueCheck(
  type: FlagType,
  report: Report,
): (value: FlagValue | null, pointer: string) => void {
  return (value, pointer) => {
    if (value !== null && !isOfType(value, type))
      report(pointer, 'value_type', `This flag has values of the type ${type}.`);
    else checkValue(value, pointer, report);
  };
}

/** Checks a percentage: 0 to 100, with up to three decimals. */
export function checkPercentage(percentage: number, pointer: string, report: Report): void {
  if (!(percentage >= 0 && percentage <= 100))
    report(pointer, 'range', 'A percentage lies between 0 and 100.');
  else if (Math.round(percentage * 1000) / 1000 !== percentage)
    report(pointer, 'decimals', 'A percentage has up to three decimals.');
}

/** Checks milliseconds since 1970. */
export function checkInstant(instant: number, pointer: string, report: Report): void {
  if (!Number.isInteger(instant) || Math.abs(instant) > MILLISECONDS_MAX)
    report(pointer, 'instant', 'There is no such instant.');
}

/** Checks the name of a tenant or an environment. */
export function checkSlug(name: string, pointer: string, report: Report): void {
  if (!SLUG.test(name)) report(pointer, 'pattern', 'It has 1 to 63 of a-z 0-9 - and does not start with -.');
}

/** Checks a text that must say something. */
export function checkText(
  text: string,
  lengthMax: number,
  ...[pointer, report]: readonly [pointer: string, report: Report]
): void {
  if (text.length < 1 || text.length > lengthMax)
    report(pointer, 'length', `It has 1 to ${lengthMax} characters.`);
}

/** True unless there are too many; whoever has too many need not hear about each. */
export function isWithin(
  limit: { readonly count: number; readonly max: number },
  pointer: string,
  report: Report,
): boolean {
  if (limit.count <= limit.max) return true;
  report(pointer, 'too_many', `There are at most ${limit.max.toLocaleString('en')} of them.`);
  return false;
}
