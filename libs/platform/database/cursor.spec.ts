import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Cursors, InvalidCursor } from './cursor.js';
import type { Position } from './cursor.js';
import type { ServerSecrets } from './server-secrets.js';

const SECRET = randomBytes(32);
const SCOPE = ['metadata', ['acme', '_shared'], 'key', ['production'], 't.namespace = any ($1)'];
const positions = fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 });

function cursorsWith(secret: Buffer): Cursors {
  return new Cursors({ of: () => secret } as unknown as ServerSecrets);
}

describe('Cursors', () => {
  let cursors: Cursors;

  beforeAll(() => {
    cursors = cursorsWith(SECRET);
  });

  const isRefused = (scope: unknown, cursor: string): void => {
    expect(() => cursors.open(scope, cursor)).toThrow(InvalidCursor);
  };

  it('gives back the position that was sealed', () => {
    fc.assert(
      fc.property(positions, (position: Position) => {
        expect(cursors.open(SCOPE, cursors.seal(SCOPE, position))).toEqual(position);
      }),
    );
  });

  it('can stand in a URL as it is', () => {
    fc.assert(
      fc.property(positions, (position) => {
        expect(cursors.seal(SCOPE, position)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('is read by another replica, which has the same secret', () => {
    const other = cursorsWith(SECRET);
    expect(other.open(SCOPE, cursors.seal(SCOPE, ['a', 1]))).toEqual(['a', 1]);
  });

  it('is refused by another installation', () => {
    const other = cursorsWith(randomBytes(32));
    const cursor = cursors.seal(SCOPE, ['a']);
    expect(() => other.open(SCOPE, cursor)).toThrow(InvalidCursor);
  });

  it('refuses a cursor of which one bit was changed, whichever', () => {
    fc.assert(
      fc.property(positions, fc.nat(), (position, at) => {
        const bytes = Buffer.from(cursors.seal(SCOPE, position), 'base64url');
        const bit = at % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        isRefused(SCOPE, bytes.toString('base64url'));
      }),
    );
  });

  it('refuses a cursor of which one character was changed, added or taken away', () => {
    fc.assert(
      fc.property(
        positions,
        fc.nat(),
        fc.constantFrom('A', 'z', '-', '_', '=', '+', '/', ' ', '%', 'é'),
        fc.constantFrom(0, 1),
        (position, at, character, cut) => {
          const cursor = cursors.seal(SCOPE, position);
          const place = at % (cursor.length + 1);
          const tampered = cursor.slice(0, place) + character + cursor.slice(place + cut);
          if (tampered !== cursor) isRefused(SCOPE, tampered);
        },
      ),
    );
  });

  it('refuses a cursor that was cut off', () => {
    fc.assert(
      fc.property(positions, fc.nat(), (position, at) => {
        const cursor = cursors.seal(SCOPE, position);
        isRefused(SCOPE, cursor.slice(0, at % cursor.length));
      }),
    );
  });

  it('refuses whatever was not made here', () => {
    fc.assert(fc.property(fc.string(), (anything) => isRefused(SCOPE, anything)));
  });

  it('refuses a cursor with other filters, another order, for others, or of another list', () => {
    const cursor = cursors.seal(SCOPE, ['a']);
    const [list, tenants, sort, values, text] = SCOPE;
    isRefused(['devices', tenants, sort, values, text], cursor);
    isRefused([list, ['globex', '_shared'], sort, values, text], cursor);
    isRefused([list, tenants, '-key', values, text], cursor);
    isRefused([list, tenants, sort, ['staging'], text], cursor);
    isRefused([list, tenants, sort, values, 't.tag = any ($1)'], cursor);
  });

  it('says what to do and names the place', () => {
    const problem = (() => {
      try {
        return cursors.open(SCOPE, 'nonsense');
      } catch (error) {
        return error as InvalidCursor;
      }
    })() as InvalidCursor;
    expect(problem).toMatchObject({
      kind: 'invalid',
      code: 'invalid_cursor',
      facts: { errors: [{ pointer: '/cursor', code: 'invalid_cursor' }] },
    });
  });
});
