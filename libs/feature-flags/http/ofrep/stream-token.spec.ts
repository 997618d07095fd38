import fc from 'fast-check';
import type { ServerSecrets } from '#platform/database';
import { StreamTokens } from './stream-token.js';
import type { StreamScope } from './stream-token.js';

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 4, 1, 12);
const SCOPE: StreamScope = { tenant: 'acme', environment: 'production', sight: 'client' };

/** Of an installation that keeps these bytes. */
const tokensOf = (secret: string): StreamTokens =>
  new StreamTokens({ of: () => Buffer.from(secret) } as unknown as ServerSecrets);
const tokens = tokensOf('one');

const scopes: fc.Arbitrary<StreamScope> = fc.record({
  tenant: fc.option(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/)),
  environment: fc.option(fc.string({ minLength: 1, maxLength: 255, unit: 'binary' })),
  sight: fc.constantFrom('all', 'client'),
});

it('opens what it was signed for', () => {
  fc.assert(
    fc.property(scopes, (scope) => {
      expect(tokens.verify(tokens.sign(scope, NOON), NOON)).toEqual(scope);
    }),
  );
});

it('is the same all day, and another one the next', () => {
  const first = tokens.sign(SCOPE, Date.UTC(2026, 4, 1));
  expect(tokens.sign(SCOPE, Date.UTC(2026, 4, 2) - 1)).toBe(first);
  expect(tokens.sign(SCOPE, Date.UTC(2026, 4, 2))).not.toBe(first);
});

it('is good for the next day, and no longer', () => {
  const token = tokens.sign(SCOPE, NOON);
  expect(tokens.verify(token, NOON + DAY_MS)).toEqual(SCOPE);
  expect(tokens.verify(token, NOON + 2 * DAY_MS)).toBeNull();
});

it('opens nothing with any one character replaced', () => {
  const token = tokens.sign(SCOPE, NOON);
  const replaced = fc.tuple(fc.nat({ max: token.length - 1 }), fc.stringMatching(/^[A-Za-z0-9_.-]$/));
  fc.assert(
    fc.property(replaced, ([at, character]) => {
      fc.pre(token[at] !== character && at < token.length - 1); // Of the last character two bits mean nothing.
      expect(tokens.verify(token.slice(0, at) + character + token.slice(at + 1), NOON)).toBeNull();
    }),
  );
});

it('opens nothing in another installation', () => {
  expect(tokensOf('other').verify(tokens.sign(SCOPE, NOON), NOON)).toBeNull();
});

it('is nothing else than what was signed', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(tokens.verify(text, NOON)).toBeNull()));
});
