import { InvalidInput } from '#shared-kernel';
import type { Brand } from '#shared-kernel';

/**
 * A host on the internet as canonical text: IPv4 dotted decimal, IPv6 as RFC 5952 writes it. No mask, zone or port. An
 * IPv4-mapped IPv6 address is the IPv4 one.
 */
export type IpAddress = Brand<string, 'IpAddress'>;

/** All addresses from one to another, both included, as text that compares as addresses do in the database. */
export interface IpRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
}

/** Longer is no spelling of an address with a prefix length. */
export const IP_LENGTH_MAX = 49;
const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;
const V4_BYTES = 4;
const GROUPS = 8;
const GROUP_BITS = 16;
const MAPPED_ZEROS = 5;
const ALL_ONES = 0xffff;

/** The address that a text means; null when it is none. */
export function readIp(text: string): IpAddress | null {
  const groups = text.length > IP_LENGTH_MAX ? null : groupsOf(text);
  return groups && textOf(groups);
}

/** @param pointer where it stands @throws InvalidInput */
export function ipAddress(text: string, pointer = '/ip_address'): IpAddress {
  const address = readIp(text);
  if (address !== null) return address;
  const detail = 'It is an IPv4 address without leading zeros, or an IPv6 address; no mask, zone or port.';
  throw InvalidInput.at(pointer, 'pattern', detail);
}

/** The range of a block like `10.0.0.0/8`, host bits and all. @throws InvalidInput */
export function cidrRange(text: string, pointer = '/cidr'): IpRange {
  const [address = '', prefix, ...others] = text.length > IP_LENGTH_MAX ? [] : text.split('/');
  const groups = groupsOf(address);
  const isV4 = !address.includes(':');
  const bits = prefix !== undefined && PREFIX.test(prefix) ? Number(prefix) : Infinity;
  const isRight = groups && others.length === 0 && bits <= (isV4 ? 32 : 128);
  if (!isRight || (!isV4 && isMapped(groups))) {
    const detail = 'It is an address and a prefix length: 10.0.0.0/8 or 2001:db8::/32.';
    throw InvalidInput.at(pointer, 'pattern', detail);
  }
  const fixed = isV4 ? bits + 96 : bits;
  const masks = groups.map((_, index) => maskOf(fixed - index * GROUP_BITS));
  const write = isV4 ? v4TextOf : v6TextOf; // A wide block of IPv6 may end in what is mapped from IPv4.
  return {
    first: write(groups.map((group, index) => group & (masks[index] ?? 0))),
    last: write(groups.map((group, index) => group | (~(masks[index] ?? 0) & ALL_ONES))),
  };
}

/** The mask of a group of which so many bits are fixed. */
const maskOf = (bits: number): number =>
  (ALL_ONES << (GROUP_BITS - Math.min(Math.max(bits, 0), GROUP_BITS))) & ALL_ONES;

/** Eight groups of 16 bits, an IPv4 address mapped into them (RFC 4291, 2.5.5.2); null when the text is no address. */
function groupsOf(text: string): number[] | null {
  if (text.includes(':')) return v6GroupsOf(text);
  const pair = v4GroupsOf(text);
  return pair && [0, 0, 0, 0, 0, ALL_ONES, ...pair];
}

function v4GroupsOf(text: string): [number, number] | null {
  const octets = text.split('.');
  if (octets.length !== V4_BYTES || !octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255))
    return null;
  const [a = 0, b = 0, c = 0, d = 0] = octets.map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** RFC 4291, 2.2: `::` stands once for one group of zeros or more, and the last two groups may be dotted decimal. */
function v6GroupsOf(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = '', tail] = halves;
  const before = listOf(head, tail === undefined ? 'last' : 'not-last');
  const after = tail === undefined ? [] : listOf(tail, 'last');
  if (!before || !after) return null;
  const missing = GROUPS - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

function listOf(text: string, place: 'last' | 'not-last'): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const dotted = place === 'last' && index === parts.length - 1 && part.includes('.') && v4GroupsOf(part);
    if (dotted) groups.push(...dotted);
    else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

const isMapped = (groups: readonly number[]): boolean =>
  groups.slice(0, MAPPED_ZEROS).every((group) => group === 0) && groups[MAPPED_ZEROS] === ALL_ONES;

const textOf = (groups: readonly number[]): IpAddress =>
  isMapped(groups) ? v4TextOf(groups) : v6TextOf(groups);

function v4TextOf(groups: readonly number[]): IpAddress {
  const bytes = groups.slice(-2).flatMap((group) => [group >> 8, group & 255]);
  return bytes.join('.') as IpAddress;
}

function v6TextOf(groups: readonly number[]): IpAddress {
  const { start, length } = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':') as IpAddress;
  const head = hex.slice(0, start).join(':');
  return `${head}::${hex.slice(start + length).join(':')}` as IpAddress;
}

/** RFC 5952, 4.2: `::` stands for the longest run of zeros, the first one of several, and never for one group alone. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
