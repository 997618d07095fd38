/** Into how many buckets callers are drawn: thousandths of a percent. */
export const BUCKETS = 100_000;

const C1 = 0xcc9e2d51 | 0;
const C2 = 0x1b873593 | 0;
const REPLACEMENT_CHARACTER = 0xfffd;

/** A hash that is not finished: what was read so far, so that a fixed beginning is read only once. */
interface Unfinished {
  hash: number;
  /** Bytes that do not make a word yet, and how many bits they are. */
  rest: number;
  restBits: number;
  bytes: number;
}

const NOTHING: Readonly<Unfinished> = { hash: 0, rest: 0, restBits: 0, bytes: 0 };

/** Where reading leaves its result: hashing is synchronous, so one place serves all. */
const scratch: Unfinished = { ...NOTHING };

function scrambled(word: number): number {
  const product = Math.imul(word, C1);
  return Math.imul((product << 15) | (product >>> 17), C2);
}

function mixed(hash: number, word: number): number {
  const next = hash ^ scrambled(word);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

/** The code point at an index; half a surrogate pair is U+FFFD, as UTF-8 encoders write it. */
function codePointAt(text: string, index: number): number {
  const codePoint = text.codePointAt(index) ?? REPLACEMENT_CHARACTER;
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? REPLACEMENT_CHARACTER : codePoint;
}

/** The UTF-8 bytes of a code point from U+0080 on, the first one lowest. */
function packedUtf8(codePoint: number): number {
  const last = 0x80 | (codePoint & 0x3f);
  if (codePoint < 0x800) return 0xc0 | (codePoint >> 6) | (last << 8);
  const third = 0x80 | ((codePoint >> 6) & 0x3f);
  if (codePoint < 0x10000) return 0xe0 | (codePoint >> 12) | (third << 8) | (last << 16);
  return 0xf0 | (codePoint >> 18) | ((0x80 | ((codePoint >> 12) & 0x3f)) << 8) | (third << 16) | (last << 24);
}

/** Puts one byte behind what was read into `scratch`. */
function readByte(byte: number): void {
  scratch.bytes++;
  scratch.rest |= byte << scratch.restBits;
  scratch.restBits += 8;
  if (scratch.restBits < 32) return;
  scratch.hash = mixed(scratch.hash, scratch.rest);
  scratch.rest = 0;
  scratch.restBits = 0;
}

/** Reads the rest of a text, from an index on, into `scratch`. */
function readAny(text: string, start: number): void {
  for (let index = start; index < text.length; index++) {
    const codePoint = codePointAt(text, index);
    if (codePoint < 0x80) {
      readByte(codePoint);
      continue;
    }
    if (codePoint >= 0x10000) index++;
    const count = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    for (let packed = packedUtf8(codePoint), left = count; left > 0; left--, packed >>>= 8)
      readByte(packed & 0xff);
  }
}

/** Reads a text after what was read before, into `scratch`. Encodes on its way, so it allocates nothing. */
function read(before: Readonly<Unfinished>, text: string): void {
  let { hash, rest, restBits } = before;
  let index = 0;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) break;
    rest |= code << restBits;
    restBits += 8;
    if (restBits === 32) {
      hash = mixed(hash, rest);
      rest = 0;
      restBits = 0;
    }
  }
  scratch.hash = hash;
  scratch.rest = rest;
  scratch.restBits = restBits;
  scratch.bytes = before.bytes + index;
  if (index < text.length) readAny(text, index);
}

function hashAfter(before: Readonly<Unfinished>, text: string): number {
  read(before, text);
  let hash = scratch.hash ^ scrambled(scratch.rest) ^ scratch.bytes; // An empty rest scrambles to 0.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const bucketOfHash = (hash: number): number => Math.floor((hash * BUCKETS) / 2 ** 32);

/**
 * MurmurHash3_x86_32 with seed 0 over the UTF-8 bytes of a text, by Austin Appleby, public domain
 * (https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp). Half a surrogate pair counts as U+FFFD.
 */
export function murmur3(text: string): number {
  return hashAfter(NOTHING, text);
}

/** The bucket of a whole text: from 0 to 99,999. */
export function bucketOf(text: string): number {
  return bucketOfHash(murmur3(text));
}

/** `bucketOf(prefix + key)`, with the prefix read once. */
export function bucketsAfter(prefix: string): (key: string) => number {
  read(NOTHING, prefix);
  const before = { ...scratch };
  return (key) => bucketOfHash(hashAfter(before, key));
}
