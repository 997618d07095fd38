import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A token that was just made. The token itself is shown once and stored nowhere. */
export interface MintedApiKey {
  readonly id: string;
  readonly token: string;
  /** SHA-256 of the secret part, 32 bytes: what is stored. */
  readonly secretHash: Buffer;
}

/** The two parts of a token that is well-formed; whether it opens anything is another question. */
export interface ParsedApiKey {
  /** Public: may be stored, searched for and logged. */
  readonly id: string;
  /** Whatever stands after the id, checksum and all. */
  readonly secret: string;
}

/** In the order of ASCII, without `_`, so that a token falls into its parts in one way only. */
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 71 bits: among a billion keys two share an id with a chance of 1 in 6,000. */
const ID_LENGTH = 12;
/** 256.03 bits. */
const RANDOM_LENGTH = 43;
/** Holds the 32 bits of a CRC. */
const CHECKSUM_LENGTH = 6;

const TOKEN = new RegExp(
  `^mst_([0-9A-Za-z]{${ID_LENGTH}})_([0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}})$`,
);

/**
 * Makes `mst_<id>_<secret>`. The secret is 43 random characters and 6 of checksum: the CRC-32 of everything before it,
 * in base62. Typing errors and look-alikes are told apart offline, by us and by secret scanners, which search for
 * `mst_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}`.
 */
export function mintApiKey(): MintedApiKey {
  const id = randomText(ID_LENGTH);
  const random = randomText(RANDOM_LENGTH);
  const secret = random + checksumOf(`mst_${id}_${random}`);
  return { id, token: `mst_${id}_${secret}`, secretHash: hashSecret(secret) };
}

/** Null for whatever `mintApiKey` cannot have made. */
export function parseApiKey(text: string): ParsedApiKey | null {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  if (id === undefined || secret === undefined) return null;
  const checksum = checksumOf(text.slice(0, -CHECKSUM_LENGTH));
  return text.endsWith(checksum) ? { id, secret } : null;
}

/** A plain SHA-256 is enough, because nobody can try 2^256 secrets: a slow hash is for what people can remember. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Takes as long for a near miss as for a wild guess. */
export function secretMatches(secret: string, hash: Buffer): boolean {
  const own = hashSecret(secret);
  return own.length === hash.length && timingSafeEqual(own, hash);
}

/**
 * Whatever could hold a secret, well-formed or not: a token with a typing error in its id, or without the `_` after it,
 * gives away as much as the right one. What follows without a gap goes too, because it may be another token. Of a token
 * that was cut off within the first 16 characters of its secret, more than 160 bits are still unknown: that stays.
 */
const REVEALING = /mst_(?:([0-9A-Za-z]{1,20})_|([0-9A-Za-z]{12}))[0-9A-Za-z]{16}[0-9A-Za-z_]*/g;

/** The text with the secret of every token in it replaced by `***`; the ids stay. For logs. */
export function redactApiKeys(text: string): string {
  return text.includes('mst_') ? text.replace(REVEALING, 'mst_$1$2_***') : text;
}

function randomText(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(BASE62.length))).join('');
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = BASE62.charAt(rest % BASE62.length) + digits;
    rest = Math.floor(rest / BASE62.length);
  }
  return digits;
}
