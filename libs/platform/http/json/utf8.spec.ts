import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { decodeUtf8 } from './utf8.js';

function refusal(bytes: Buffer): InvalidInput {
  try {
    decodeUtf8(bytes);
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

it('gives back any text that was encoded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(decodeUtf8(Buffer.from(`"${text}`))).toBe(`"${text}`);
    }),
  );
});

it('ignores one byte order mark at the start, and no other', () => {
  expect(decodeUtf8(Buffer.from('\uFEFF{}'))).toBe('{}');
  expect(decodeUtf8(Buffer.from('\uFEFF\uFEFF{}'))).toBe('\uFEFF{}');
  expect(decodeUtf8(Buffer.from('"\uFEFF"'))).toBe('"\uFEFF"');
});

it('reads nothing from nothing', () => {
  expect(decodeUtf8(Buffer.alloc(0))).toBe('');
});

it.each([
  ['a stray continuation byte', [0x22, 0x80, 0x22], 1],
  ['a byte that is never used', [0x22, 0x61, 0xff, 0x22], 2],
  ['an overlong form of "/"', [0xc0, 0xaf], 0],
  ['an overlong NUL', [0x61, 0xe0, 0x80, 0x80], 1],
  ['half of a surrogate pair', [0x61, 0x62, 0xed, 0xa0, 0x80], 2],
  ['a character beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
  ['a character cut off by another', [0xc3, 0x28], 0],
  ['a character cut off by the end', [0x61, 0xf0, 0x9f, 0x98], 1],
  ['UTF-16', [0xff, 0xfe, 0x7b, 0x00], 0],
  ['a byte after a byte order mark', [0xef, 0xbb, 0xbf, 0xff], 3],
  ['a byte after replacement characters that were sent', [0xef, 0xbf, 0xbd, 0x61, 0xef, 0xbf, 0xbd, 0xff], 7],
])('refuses %s, and says where', (_, bytes, offset) => {
  expect(refusal(Buffer.from(bytes)).violations).toEqual([
    { pointer: '', code: 'invalid_utf8', detail: `The body is not UTF-8 from byte offset ${offset} on.` },
  ]);
});

it('accepts what a strict decoder does, and nothing else', () => {
  const strict = new TextDecoder('utf-8', { fatal: true });
  const accepts = (decode: (bytes: Buffer) => string, bytes: Buffer): string | null => {
    try {
      return decode(bytes);
    } catch {
      return null;
    }
  };
  const byte = fc.constantFrom(0x61, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xa0, 0x9f, 0xbb, 0xf0, 0xf4, 0x8f);
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 8 }), (numbers) => {
      const bytes = Buffer.from(numbers);
      const expected = accepts((some) => strict.decode(some), bytes);
      expect(accepts(decodeUtf8, bytes)).toBe(expected);
      if (expected === null) {
        const offset = Number(/offset (\d+)/.exec(refusal(bytes).message)?.[1]);
        expect(accepts((some) => strict.decode(some), bytes.subarray(0, offset))).not.toBeNull();
      }
    }),
    { numRuns: 2000 },
  );
});
