import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { hashSecret, mintApiKey, parseApiKey, redactApiKeys, secretMatches } from './api-key-token.js';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const minted = fc.constant(null).map(() => mintApiKey());
const characters = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));

describe('An API key', () => {
  it('is mst_<id>_<secret>, 12 and 49 characters of base62', () => {
    fc.assert(
      fc.property(minted, ({ id, token }) => {
        expect(token).toMatch(/^mst_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
        expect(token.split('_')[1]).toBe(id);
      }),
    );
  });

  it('falls into the parts that it was made of, and its secret fits its hash', () => {
    fc.assert(
      fc.property(minted, ({ id, token, secretHash }) => {
        const parsed = parseApiKey(token);
        expect(parsed).toEqual({ id, secret: token.slice(17) });
        expect(secretMatches(parsed?.secret ?? '', secretHash)).toBe(true);
        expect(secretHash).toEqual(createHash('sha256').update(token.slice(17)).digest());
      }),
    );
  });

  it('ends in the CRC-32 of what stands before it, so that scanners can check it offline', () => {
    fc.assert(
      fc.property(minted, ({ token }) => {
        const value = [...token.slice(-6)].reduce((sum, digit) => sum * 62 + BASE62.indexOf(digit), 0);
        expect(value).toBe(crc32(token.slice(0, -6)));
      }),
    );
  });

  it('stays readable for ever: a token of the first day', () => {
    const token = 'mst_AAAAAAAAAAAA_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb3cQ6Fr';
    expect(parseApiKey(token)).toEqual({ id: 'AAAAAAAAAAAA', secret: token.slice(17) });
  });

  it('uses the whole alphabet in every random place, and never the same id or secret twice', () => {
    const tokens = Array.from({ length: 2_000 }, () => mintApiKey().token);
    for (const at of [4, 15, 17, 59]) expect(new Set(tokens.map((token) => token[at])).size).toBe(62);
    expect(new Set(tokens.map((token) => token.slice(4, 16))).size).toBe(2_000);
    expect(new Set(tokens.map((token) => token.slice(17, 60))).size).toBe(2_000);
  });
});

describe('parseApiKey', () => {
  it('refuses a token with any one character replaced', () => {
    fc.assert(
      fc.property(minted, fc.nat({ max: 65 }), characters, ({ token }, at, character) => {
        fc.pre(token[at] !== character);
        expect(parseApiKey(token.slice(0, at) + character + token.slice(at + 1))).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses a token with two neighbours swapped', () => {
    fc.assert(
      fc.property(minted, fc.nat({ max: 64 }), ({ token }, at) => {
        fc.pre(token[at] !== token[at + 1]);
        const swapped = `${token.slice(0, at)}${token[at + 1]}${token[at]}${token.slice(at + 2)}`;
        expect(parseApiKey(swapped)).toBeNull();
      }),
    );
  });

  it('refuses whatever is around a token', () => {
    const { token } = mintApiKey();
    for (const text of [
      ` ${token}`,
      `${token} `,
      `${token}\n`,
      `Bearer ${token}`,
      token + token,
      token.slice(0, -1),
    ]) {
      expect(parseApiKey(text)).toBeNull();
    }
    expect(parseApiKey('')).toBeNull();
  });

  it('refuses any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseApiKey(text)).toBeNull()));
  });
});

describe('secretMatches', () => {
  it('refuses any other secret', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(secretMatches(one, hashSecret(other))).toBe(one === other);
      }),
    );
  });

  it('refuses a hash of another length instead of failing', () => {
    expect(secretMatches('secret', hashSecret('secret').subarray(0, 31))).toBe(false);
    expect(secretMatches('secret', Buffer.alloc(0))).toBe(false);
  });
});

describe('redactApiKeys', () => {
  it('takes the secret of every token out of a text, and nothing else', () => {
    const piece = fc.oneof(
      fc.string().map((text) => ({ text, redacted: text })),
      minted.map(({ id, token }) => ({ text: token, redacted: `mst_${id}_***` })),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.map((each) => each.text).join(' ');
        expect(redactApiKeys(text)).toBe(pieces.map((each) => each.redacted).join(' '));
      }),
    );
  });

  it('takes out the secret of a token with a typing error, cut off, or run together with others', () => {
    const { id, token } = mintApiKey();
    const secret = token.slice(17);
    const short = id.slice(1);
    expect(redactApiKeys(`mst_${short}_${secret}`)).toBe(`mst_${short}_***`);
    expect(redactApiKeys(`mst_${id}x_${secret}`)).toBe(`mst_${id}x_***`);
    expect(redactApiKeys(`mst_${id}${secret}`)).toBe(`mst_${id}_***`);
    expect(redactApiKeys(`mst_${id}${secret}_${secret}`)).toBe(`mst_${id}_***`);
    expect(redactApiKeys(token.slice(0, -20))).toBe(`mst_${id}_***`);
    expect(redactApiKeys(`x${token}${token}"`)).toBe(`xmst_${id}_***"`);
    expect(redactApiKeys(`{"authorization":"Bearer ${token}"}`)).toBe(
      `{"authorization":"Bearer mst_${id}_***"}`,
    );
  });

  it('leaves names alone that only begin alike', () => {
    const text = 'mst_http_requests_total mst_ mst__ mst_abc mst_feed_lag_seconds';
    expect(redactApiKeys(text)).toBe(text);
  });

  it('changes nothing the second time', () => {
    const once = redactApiKeys(`key ${mintApiKey().token}`);
    expect(redactApiKeys(once)).toBe(once);
  });
});
