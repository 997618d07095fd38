import { claimed, ClaimLost, released, renewed } from './claims.js';
import { Claimed } from './errors.js';
import type { SupervisorRequestState } from './request-state.js';

const NOW = new Date('2026-05-01T10:00:00.000Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);
const lease = (by: string, seconds = 60) => ({ by, seconds, at: NOW });
const held = (by: string, expiresAt: Date): SupervisorRequestState =>
  ({ claim: { by, expiresAt }, firstClaimedAt: after(-100) }) as unknown as SupervisorRequestState;
const free = { claim: null, firstClaimedAt: null } as unknown as SupervisorRequestState;

it('a free request is claimed, and its first claim is remembered', () => {
  const first = claimed(free, lease('key:a'));
  expect(first).toMatchObject({ claim: { by: 'key:a', expiresAt: after(60) }, firstClaimedAt: NOW });
  expect(claimed(held('key:b', NOW), lease('key:a')).firstClaimedAt).toEqual(after(-100));
});

it('a claim lives until its instant, and then it is none', () => {
  expect(() => claimed(held('key:b', after(0.001)), lease('key:a'))).toThrow(Claimed);
  expect(claimed(held('key:b', NOW), lease('key:a')).claim?.by).toBe('key:a');
  expect(() => renewed(held('key:a', NOW), lease('key:a'))).toThrow(ClaimLost);
  expect(renewed(held('key:a', after(0.001)), lease('key:a')).claim?.expiresAt).toEqual(after(60));
});

it('is renewed by its holder alone, by claiming again as well, for as long as is said then', () => {
  expect(claimed(held('key:a', after(600)), lease('key:a', 10)).claim?.expiresAt).toEqual(after(10));
  expect(() => renewed(held('key:b', after(600)), lease('key:a'))).toThrow(
    expect.objectContaining({ facts: { claim: { by: 'key:b', expires_at: after(600).toISOString() } } }),
  );
  expect(() => renewed(free, lease('key:a'))).toThrow(expect.objectContaining({ facts: { claim: null } }));
});

it('is let go of by its holder, or by who may let go of anyone’s; where there is none nothing happens', () => {
  const live = held('key:a', after(1));
  expect(released(live, { by: 'key:a', at: NOW, of: 'own' }).claim).toBeNull();
  expect(released(live, { by: 'key:b', at: NOW, of: 'anyone' }).claim).toBeNull();
  expect(() => released(live, { by: 'key:b', at: NOW, of: 'own' })).toThrow(Claimed);
  const lapsed = held('key:a', NOW);
  expect(released(lapsed, { by: 'key:b', at: NOW, of: 'own' })).toBe(lapsed);
  expect(released(free, { by: 'key:b', at: NOW, of: 'own' })).toBe(free);
});
