import fc from 'fast-check';
import { bucketOf, bucketsAfter, murmur3 } from './murmur3.js';
import { murmur3OfBytes } from './testing/murmur3-of-bytes.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);

describe('the hash of a text', () => {
  it.each([
    ['', 0, 0],
    ['a', 1009084850, 23494],
    ['user-1', 4171401059, 97122],
    ['üser', 1930645760, 44951],
    ['用户', 3681788688, 85723],
    ['😀', 3199479546, 74493],
    ['checkout:gate:user-1', 1291812942, 30077],
    ['checkout:variant:user-1', 4108578646, 95660],
  ])('of %j is %d, in bucket %d', (text, hash, bucket) => {
    expect(murmur3(text)).toBe(hash);
    expect(bucketOf(text)).toBe(bucket);
  });

  it('is that of its UTF-8 bytes, lone surrogates being U+FFFD', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(murmur3(text)).toBe(murmur3OfBytes(new TextEncoder().encode(text)));
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same when its beginning was read ahead', () => {
    fc.assert(
      fc.property(anyText, anyText, (salt, key) => {
        expect(bucketsAfter(`${salt}:gate:`)(key)).toBe(bucketOf(`${salt}:gate:${key}`));
      }),
      { numRuns: 1000 },
    );
  });
});
