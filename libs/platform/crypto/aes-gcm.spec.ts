import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { decrypt, encrypt } from './aes-gcm.js';

const KEY = Buffer.alloc(32, 1);

/** A message sealed with a shorter tag: what whoever guesses tags would send. */
function withTagOf(tagLength: number): Buffer {
  const iv = Buffer.alloc(12, 2);
  const cipher = createCipheriv('aes-256-gcm', KEY, iv, { authTagLength: tagLength }).setAAD(
    Buffer.from('aad'),
  );
  return Buffer.concat([iv, cipher.update('value'), cipher.final(), cipher.getAuthTag()]);
}

describe('AES-256-GCM', () => {
  it('reads what another implementation wrote with a tag of 16 bytes', () => {
    expect(String(decrypt(KEY, withTagOf(16), 'aad'))).toBe('value');
  });

  it.each([4, 8, 12, 13, 14, 15])('refuses a tag of %d bytes', (tagLength) => {
    expect(decrypt(KEY, withTagOf(tagLength), 'aad')).toBeNull();
  });

  it('refuses anything shorter than IV and tag', () => {
    for (let length = 0; length < 28; length += 1) expect(decrypt(KEY, Buffer.alloc(length), '')).toBeNull();
  });

  it('refuses another key and other associated data', () => {
    const sealed = encrypt(KEY, Buffer.from('value'), 'aad');
    expect(decrypt(Buffer.alloc(32, 9), sealed, 'aad')).toBeNull();
    expect(decrypt(KEY, sealed, 'aae')).toBeNull();
    expect(decrypt(KEY, sealed, '')).toBeNull();
  });

  it('adds 28 bytes, and takes an empty value too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (value) => {
        const sealed = encrypt(KEY, Buffer.from(value), 'aad');
        expect(sealed).toHaveLength(value.length + 28);
        expect(decrypt(KEY, sealed, 'aad')).toEqual(Buffer.from(value));
      }),
    );
  });
});
