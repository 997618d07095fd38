import fc from 'fast-check';
import { encrypt } from './aes-gcm.js';
import { Envelope } from './envelope.js';
import { CiphertextInvalid, UnknownEncryptionKey } from './errors.js';
import { KeyWrapper } from './key-wrapper.js';
import type { WrappedKey } from './key-wrapper.js';
import { LocalKeyring } from './local-keyring.js';
import { associatedData } from './sealed-place.js';
import type { SealedPlace } from './sealed-place.js';

const keyOf = (id: string): string => `${id}:${LocalKeyring.generate().split(':')[1]}`;
const OLD = keyOf('old');
const NEW = keyOf('new');

const before = new Envelope(LocalKeyring.parse(OLD));
const during = new Envelope(LocalKeyring.parse(`${NEW},${OLD}`));
const after = new Envelope(LocalKeyring.parse(NEW));

const PLACE: SealedPlace = {
  tenant: 'acme',
  entry: '0190a6b4-7c1e-7d3f-8a2b-1c2d3e4f5a6b',
  version: 3,
  contentType: 'json',
};

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const slug = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
const place: fc.Arbitrary<SealedPlace> = fc.record({
  tenant: fc.oneof(slug, fc.constantFrom('_shared', '*')),
  entry: fc.uuid(),
  version: fc.integer({ min: 1 }),
  contentType: fc.constantFrom('json', 'yaml', 'text', 'binary'),
});

/** The sealed text with one bit of one decoded part flipped. */
function flipBit(sealed: string, part: number, bit: number): string {
  const parts = sealed.split('.');
  const data = Buffer.from(parts[part] ?? '', 'base64url');
  const at = bit % (data.length * 8);
  data.writeUInt8(data.readUInt8(at >> 3) ^ (1 << (at & 7)), at >> 3);
  parts[part] = data.toString('base64url');
  return parts.join('.');
}

describe('Envelope', () => {
  it('opens what it sealed, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, place, async (value, where) => {
        expect(await before.open(await before.seal(value, where), where)).toEqual(value);
      }),
    );
  });

  it('seals text as UTF-8', async () => {
    const opened = await before.open(await before.seal('größer 😀', PLACE), PLACE);
    expect(opened).toEqual(Buffer.from('größer 😀', 'utf8'));
  });

  it('never seals the same value twice alike', async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => before.seal('same', PLACE)));
    for (const part of [2, 4]) expect(new Set(sealed.map((text) => text.split('.')[part])).size).toBe(50);
  });

  it('gives ASCII text that does not show the value', async () => {
    const sealed = await before.seal('the-secret-of-the-house', PLACE);
    expect(sealed).toMatch(/^v1\.old\.[\w-]+\.old\.[\w-]+$/);
    expect(Buffer.from(sealed.split('.')[4] ?? '', 'base64url').toString('latin1')).not.toContain('secret');
  });

  it('takes UUIDs in upper and lower case for the same place', async () => {
    const sealed = await before.seal('value', { ...PLACE, entry: PLACE.entry.toUpperCase() });
    expect(String(await before.open(sealed, PLACE))).toBe('value');
  });

  it('leaves the value that was handed in alone', async () => {
    const value = Buffer.from('still here');
    await before.seal(value, PLACE);
    expect(String(value)).toBe('still here');
  });
});

describe('A sealed value that was tampered with', () => {
  it('does not open after any bit of the wrapped key or of the data was flipped', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(2, 4), fc.nat(), async (value, part, bit) => {
        const altered = flipBit(await before.seal(value, PLACE), part, bit);
        await expect(before.open(altered, PLACE)).rejects.toThrow(CiphertextInvalid);
      }),
    );
  });

  it('does not open after any character of its text was replaced', async () => {
    const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
    await fc.assert(
      fc.asyncProperty(bytes, fc.nat(), printable, async (value, index, character) => {
        const sealed = await before.seal(value, PLACE);
        const at = index % sealed.length;
        fc.pre(sealed[at] !== character);
        const altered = sealed.slice(0, at) + character + sealed.slice(at + 1);
        const opened = before.open(altered, PLACE);
        await expect(opened).rejects.toThrow(/does not open|not in the keyring/);
      }),
      { numRuns: 500 },
    );
  });

  it('does not open after it was cut short or made longer anywhere', async () => {
    const sealed = await before.seal('value', PLACE);
    for (let length = 0; length < sealed.length; length += 1) {
      await expect(before.open(sealed.slice(0, length), PLACE)).rejects.toThrow(CiphertextInvalid);
    }
    for (const tail of ['A', 'AAAA', '=', '.', '.AAAA', ' ', '\n']) {
      await expect(before.open(sealed + tail, PLACE)).rejects.toThrow(CiphertextInvalid);
    }
  });

  it('does not open with a tag of any length but 16', async () => {
    const sealed = await before.seal('value', PLACE);
    const parts = sealed.split('.');
    const data = Buffer.from(parts[4] ?? '', 'base64url');
    for (let tagLength = 0; tagLength < 16; tagLength += 1) {
      parts[4] = data.subarray(0, data.length - 16 + tagLength).toString('base64url');
      await expect(before.open(parts.join('.'), PLACE)).rejects.toThrow(CiphertextInvalid);
    }
  });

  it('does not open at another tenant, entry, version or content type', async () => {
    await fc.assert(
      fc.asyncProperty(place, place, fc.constantFrom(...PLACE_FIELDS), async (from, to, field) => {
        fc.pre(from[field] !== to[field]);
        const sealed = await before.seal('value', from);
        const moved = { ...from, [field]: to[field] };
        await expect(before.open(sealed, moved)).rejects.toThrow(CiphertextInvalid);
      }),
    );
  });

  it('does not open with the wrapped key of another value', async () => {
    const [one, other] = await Promise.all([before.seal('one', PLACE), before.seal('other', PLACE)]);
    const parts = one.split('.');
    parts[2] = other.split('.')[2] ?? '';
    await expect(before.open(parts.join('.'), PLACE)).rejects.toThrow(CiphertextInvalid);
  });

  it('does not open under another name of its key-encryption key', async () => {
    const sealed = await during.seal('value', PLACE);
    await expect(during.open(sealed.replace('v1.new.', 'v1.old.'), PLACE)).rejects.toThrow(CiphertextInvalid);
    const parts = sealed.split('.');
    parts[3] = 'old';
    await expect(during.open(parts.join('.'), PLACE)).rejects.toThrow(CiphertextInvalid);
  });

  it('says where it belongs, and nothing of what it holds', async () => {
    const sealed = await before.seal('the-secret-of-the-house', PLACE);
    await expect(before.open(flipBit(sealed, 4, 100), PLACE)).rejects.toThrow(
      `The sealed value of entry ${PLACE.entry}, version 3, does not open: it was altered, or it belongs somewhere else.`,
    );
  });
});

const PLACE_FIELDS = ['tenant', 'entry', 'version', 'contentType'] as const;

describe('A place to seal for', () => {
  it.each<[string, Partial<Record<keyof SealedPlace, unknown>>]>([
    ['a tenant with a separator', { tenant: 'acme|x' }],
    ['no tenant', { tenant: '' }],
    ['a tenant with a line break', { tenant: 'acme\n' }],
    ['an entry that is no UUID', { entry: '1' }],
    ['an entry with a separator', { entry: `${PLACE.entry}|1` }],
    ['version 0', { version: 0 }],
    ['a fractional version', { version: 1.5 }],
    ['a version beyond exact integers', { version: 2 ** 53 }],
    ['a content type with a separator', { contentType: 'json|k' }],
    ['a media type', { contentType: 'application/json' }],
  ])('is refused with %s', async (_, field) => {
    const wrong = { ...PLACE, ...field } as SealedPlace;
    await expect(before.seal('value', wrong)).rejects.toThrow(TypeError);
  });

  it('reads differently from every other place', () => {
    fc.assert(
      fc.property(place, place, (one, other) => {
        const isSame = PLACE_FIELDS.every((field) => one[field] === other[field]);
        expect(associatedData(one, 'k') === associatedData(other, 'k')).toBe(isSame);
      }),
    );
  });

  it('reads as the format says', () => {
    expect(associatedData(PLACE, 'k1')).toBe('v1|acme|0190a6b4-7c1e-7d3f-8a2b-1c2d3e4f5a6b|3|json|k1');
  });
});

describe('Rotation', () => {
  it('moves a value to the new key without touching its ciphertext', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, place, async (value, where) => {
        const sealed = await before.seal(value, where);
        const moved = await during.rewrap(sealed);
        expect(before.kekIdOf(sealed)).toBe('old');
        expect(during.kekIdOf(moved)).toBe('new');
        expect(moved.split('.').slice(3)).toEqual(sealed.split('.').slice(3));
        expect(await after.open(moved, where)).toEqual(value);
        await expect(before.open(moved, where)).rejects.toThrow(UnknownEncryptionKey);
      }),
    );
  });

  it('goes round: away from a key and back to it', async () => {
    const back = new Envelope(LocalKeyring.parse(`${OLD},${NEW}`));
    const sealed = await back.rewrap(await during.rewrap(await before.seal('value', PLACE)));
    expect(String(await before.open(sealed, PLACE))).toBe('value');
  });

  it('leaves what is current already as it is', async () => {
    const sealed = await during.seal('value', PLACE);
    expect(await during.rewrap(sealed)).toBe(sealed);
  });

  it('reads old values while it goes on', async () => {
    const sealed = await before.seal('value', PLACE);
    expect(String(await during.open(sealed, PLACE))).toBe('value');
  });

  it('keeps a moved value in its place', async () => {
    const moved = await during.rewrap(await before.seal('value', PLACE));
    await expect(after.open(moved, { ...PLACE, tenant: 'other' })).rejects.toThrow(CiphertextInvalid);
  });

  it('refuses what is wrapped under a key that nobody has', async () => {
    const sealed = await before.seal('value', PLACE);
    const error = await after.open(sealed, PLACE).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'unavailable', code: 'encryption_key_unknown' });
    expect(String(error)).toContain('The encryption key "old" is not in the keyring.');
    await expect(after.rewrap(sealed)).rejects.toThrow(UnknownEncryptionKey);
  });

  it('refuses to move a wrapped key that was altered', async () => {
    const altered = flipBit(await before.seal('value', PLACE), 2, 77);
    await expect(during.rewrap(altered)).rejects.toThrow(CiphertextInvalid);
  });

  it.each([
    '',
    'v1',
    'v2.old.AA.old.AA',
    'v1.OLD.AA.old.AA',
    'v1.old.AA.o|d.AA',
    'v1.old.A+A.old.AA',
    'v1.old.AA.old.AA.AA',
  ])('refuses "%s", which is no sealed text', async (text) => {
    expect(() => before.kekIdOf(text)).toThrow(CiphertextInvalid);
    await expect(during.rewrap(text)).rejects.toThrow(CiphertextInvalid);
  });
});

describe('Data keys', () => {
  /** Wraps for real, and keeps every buffer that passes in either direction. */
  class WatchedKeyring extends KeyWrapper {
    readonly seen: Buffer[] = [];
    readonly #keys = LocalKeyring.parse(`${NEW},${OLD}`);
    override readonly currentId = 'new';

    override wrap(dataKey: Buffer): Promise<WrappedKey> {
      this.seen.push(dataKey);
      return this.#keys.wrap(dataKey);
    }

    override async unwrap(wrapped: WrappedKey): Promise<Buffer> {
      const dataKey = await this.#keys.unwrap(wrapped);
      this.seen.push(dataKey);
      return dataKey;
    }
  }

  it('are 256 bits long, and overwritten after use', async () => {
    const keys = new WatchedKeyring();
    const envelope = new Envelope(keys);
    const sealed = await envelope.seal('value', PLACE);
    await envelope.open(sealed, PLACE);
    await envelope.open(flipBit(sealed, 4, 9), PLACE).catch(() => null);
    await envelope.rewrap(await before.seal('value', PLACE));
    expect(keys.seen).toEqual(Array.from({ length: 5 }, () => Buffer.alloc(32)));
  });

  it('open the data by plain AES-256-GCM, so that any other program can read it', async () => {
    const dataKey = Buffer.alloc(32, 7);
    const kek = LocalKeyring.parse(OLD);
    const wrapped = await kek.wrap(dataKey);
    const data = encrypt(dataKey, Buffer.from('made by hand'), `v1|acme|${PLACE.entry}|3|json|old`);
    const sealed = ['v1', 'old', wrapped.bytes.toString('base64url'), 'old', data.toString('base64url')].join(
      '.',
    );
    expect(String(await before.open(sealed, PLACE))).toBe('made by hand');
  });
});
