import { InvalidInput } from '#shared-kernel';
import type { Brand, Violation } from '#shared-kernel';

/** An address of a device on its link: an EUI-48 or an EUI-64, as lower-case pairs with colons between. */
export type MacAddress = Brand<string, 'MacAddress'>;

/**
 * The ways to write one, each of one kind of separator throughout: pairs with colons or with hyphens, fours with dots,
 * and bare digits; six bytes (EUI-48) or eight (EUI-64). Each pattern is of fixed length, so that it takes linear time.
 */
const SPELLINGS = [
  /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i,
  /^[0-9a-f]{2}(?::[0-9a-f]{2}){7}$/i,
  /^[0-9a-f]{2}(?:-[0-9a-f]{2}){5}$/i,
  /^[0-9a-f]{2}(?:-[0-9a-f]{2}){7}$/i,
  /^[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}$/i,
  /^[0-9a-f]{4}(?:\.[0-9a-f]{4}){3}$/i,
  /^[0-9a-f]{12}$/i,
  /^[0-9a-f]{16}$/i,
];
/** Of the longest spelling. */
export const MAC_LENGTH_MAX = 23;
/** The least significant bit of the first byte tells a group from an individual (IEEE 802, the I/G bit). */
const GROUP_BIT = 1;

/** The address that a text means, or what is wrong with it there. An EUI-48 is never turned into an EUI-64. */
export function readMac(text: string, pointer = '/mac_address'): MacAddress | Violation {
  if (text.length > MAC_LENGTH_MAX || !SPELLINGS.some((spelling) => spelling.test(text))) {
    const detail =
      'It is six or eight bytes in hexadecimal: 00:1a:2b:3c:4d:5e, 00-1a-2b-3c-4d-5e, 001a.2b3c.4d5e or 001a2b3c4d5e.';
    return { pointer, code: 'pattern', detail };
  }
  const digits = text.toLowerCase().replaceAll(/[:.-]/g, '');
  if (/^0+$/.test(digits))
    return { pointer, code: 'mac_reserved', detail: 'Zeros alone are no address of a device.' };
  if (/^f+$/.test(digits))
    return { pointer, code: 'mac_reserved', detail: 'The broadcast address is of no device.' };
  if ((Number.parseInt(digits.slice(0, 2), 16) & GROUP_BIT) === GROUP_BIT)
    return { pointer, code: 'mac_reserved', detail: 'An address of a group is of no device.' };
  return (digits.match(/../g) ?? []).join(':') as MacAddress;
}

/** @param pointer where it stands @throws InvalidInput */
export function macAddress(text: string, pointer = '/mac_address'): MacAddress {
  const read = readMac(text, pointer);
  if (typeof read === 'string') return read;
  throw new InvalidInput([read]);
}
