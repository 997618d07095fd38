/** Whether a text is an IP address inside of a network. */
export type NetworkTest = (address: string) => boolean;

type Family = 4 | 6;

const GROUPS = 8;
const MAPPED_BITS = 96;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;

/** The address that was read last, in groups of 16 bits; IPv4 as the IPv6 address it is mapped to (RFC 4291, 2.5.5.2). */
const address = new Uint16Array(GROUPS);

/** A dotted quad from an index to the end, as a number; -1 when it is none. No leading zeros: some read them as octal. */
function ipv4(text: string, start: number): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 46) {
      if (digits === 0 || dots === 3) return -1;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots++;
    } else {
      if (code < 48 || code > 57 || (digits > 0 && octet === 0)) return -1;
      octet = octet * 10 + code - 48;
      digits++;
      if (octet > 255) return -1;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : -1;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function putIpv4(value: number, group: number): void {
  address[group] = value >>> 16;
  address[group + 1] = value & 0xffff;
}

/** Moves the groups behind `::` to the end, with zeros between. */
function spread(gap: number, count: number): void {
  const moved = count - gap;
  address.copyWithin(GROUPS - moved, gap, count);
  address.fill(0, gap, GROUPS - moved);
}

/** Reads an IPv6 address into `address`; false when it is none. */
function readIpv6(text: string): boolean {
  let count = 0;
  let index = text.startsWith('::') ? 2 : 0;
  let gap = index === 2 ? 0 : -1;
  while (index < text.length) {
    const start = index;
    let value = 0;
    for (let digit; index < text.length && (digit = hexDigit(text.charCodeAt(index))) >= 0; index++)
      value = value * 16 + digit;
    if (text[index] === '.') {
      const quad = ipv4(text, start);
      if (quad < 0 || count > GROUPS - 2) return false;
      putIpv4(quad, count);
      count += 2;
      break;
    }
    if (index === start || index - start > 4 || count === GROUPS) return false;
    address[count++] = value;
    if (index === text.length) break;
    if (text[index++] !== ':' || index === text.length) return false;
    if (text[index] === ':') {
      if (gap >= 0) return false;
      gap = count;
      index++;
    }
  }
  if (gap < 0) return count === GROUPS;
  if (count === GROUPS) return false;
  spread(gap, count);
  return true;
}

function isMapped(): boolean {
  for (let group = 0; group < 5; group++) if (address[group] !== 0) return false;
  return address[5] === 0xffff;
}

/** Reads an address into `address` and says what it is; an IPv4-mapped IPv6 address is the IPv4 one. */
function readAddress(text: string): Family | undefined {
  if (text.includes(':')) return readIpv6(text) ? (isMapped() ? 4 : 6) : undefined;
  const quad = ipv4(text, 0);
  if (quad < 0) return undefined;
  address.fill(0, 0, 5);
  address[5] = 0xffff;
  putIpv4(quad, 6);
  return 4;
}

function maskOf(bits: number): Uint16Array {
  return Uint16Array.from({ length: GROUPS }, (_, group) => {
    const inGroup = Math.min(16, Math.max(0, bits - group * 16));
    return 0xffff - (2 ** (16 - inGroup) - 1);
  });
}

/** How many of the 128 bits count; undefined when the text after the slash is no such number. */
function bitsOf(prefix: string | undefined, skipped: number): number | undefined {
  if (prefix === undefined) return GROUPS * 16;
  const bits = skipped + Number(prefix);
  return PREFIX.test(prefix) && bits <= GROUPS * 16 ? bits : undefined;
}

/**
 * A network in CIDR notation (RFC 4632, RFC 4291), or one address, compiled; undefined when the text is neither. IPv4 and IPv6
 * are apart: `::/0` holds no IPv4 address, and `::ffff:10.0.0.0/104` is `10.0.0.0/8`. Bits behind the prefix do not count.
 */
export function networkTest(cidr: string): NetworkTest | undefined {
  const [base = '', prefix, more] = cidr.split('/');
  const bits = bitsOf(prefix, base.includes(':') ? 0 : MAPPED_BITS);
  const read = readAddress(base);
  if (more !== undefined || bits === undefined || read === undefined) return undefined;
  const family = read === 4 && bits < MAPPED_BITS ? 6 : read;
  const network = address.slice();
  const mask = maskOf(bits);
  return (text) => {
    if (readAddress(text) !== family) return false;
    for (let group = 0; group < GROUPS; group++)
      if ((((address[group] ?? 0) ^ (network[group] ?? 0)) & (mask[group] ?? 0)) !== 0) return false;
    return true;
  };
}
