import { aKey, aNewEnvironment, storedEnvironment } from '../testing/a-company.js';
import { slug, teamId } from './identity.js';
import { TIERS } from './tier.js';

const TEAM = teamId('01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10');

it.each([
  ...TIERS.map((tier): [string, string] => [tier, tier]),
  ['qa', 'development'],
  ['prod', 'development'],
])('what nobody says of %s follows from its key', (key, tier) => {
  const { snapshot, change } = aNewEnvironment({ key: slug(key, '/key') });
  expect(snapshot).toMatchObject({ key, name: key, tier, ownerTeamId: null, labels: {}, version: 0 });
  expect(change?.type).toBe('created');
});

it('what is said counts for more than the key', () => {
  const said = { name: 'Live', tier: 'staging', ownerTeamId: TEAM, labels: { a: 'b' } } as const;
  expect(aNewEnvironment({ key: slug('production', '/key') }, said).snapshot).toMatchObject(said);
});

it('is refused with everything that breaks a rule', () => {
  const wrong = { name: ' ', tier: 'x' as never, labels: { '-': '' } };
  const violations = [
    { pointer: '/name', code: 'length' },
    { pointer: '/tier', code: 'choice' },
    { pointer: '/labels/-', code: 'label_key' },
  ];
  expect(() => aNewEnvironment({}, wrong)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  expect(() => storedEnvironment().revise(wrong, null)).toThrow(
    expect.objectContaining({ violations: violations.map((one) => expect.objectContaining(one)) }),
  );
  expect(() => storedEnvironment().revise({ name: 'ä'.repeat(101) }, null)).toThrow('1 to 100');
  expect(() => storedEnvironment().revise({ name: '😀'.repeat(100) }, null)).not.toThrow();
});

it('revising changes what is named and leaves the rest, and nothing makes no version', () => {
  const environment = storedEnvironment({ labels: { a: '1', b: '2' }, ownerTeamId: TEAM });
  environment.revise({ labels: { b: '2', a: '1' }, ownerTeamId: TEAM }, 'why');
  expect(environment.change).toBeNull();
  environment.revise({ ownerTeamId: null, name: 'n' }, 'because');
  expect(environment.snapshot).toMatchObject({ ownerTeamId: null, name: 'n', labels: { a: '1', b: '2' } });
  expect(environment.change).toMatchObject({ type: 'updated', reason: 'because' });
});

it('going back brings back the content, and the key stays', () => {
  const key = aKey();
  const environment = storedEnvironment({ key });
  const past = { name: 'then', tier: 'staging', ownerTeamId: TEAM, labels: { a: '1' } } as const;
  environment.revertTo({ ...past, key: slug('other', '/key') } as never, 3, null);
  expect(environment.snapshot).toMatchObject({ ...past, key });
  expect(environment.change).toMatchObject({ type: 'rolled_back', rolledBackFrom: 3 });
  environment.delete('because');
  expect(environment.change).toMatchObject({ type: 'deleted', reason: 'because', removes: true });
});
