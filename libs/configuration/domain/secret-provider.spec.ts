import { InvalidInput } from '#shared-kernel';
import { aProvider, SURROUNDINGS } from '../testing/a-provider.js';
import { providerAlias, sameDefinition, SecretProvider } from './secret-provider.js';
import type { ProviderDefinition } from './secret-provider.js';

const register = (definition: Partial<ProviderDefinition> = {}): SecretProvider => {
  const { id, tenant, alias, ...usual } = aProvider().snapshot;
  return SecretProvider.register({ id, tenant, alias }, { ...usual, ...definition }, SURROUNDINGS, 'needed');
};

describe('a secret provider', () => {
  it('is registered with the credentials that it signs in with, and with no others', () => {
    const provider = register({ credentials: { token: 'hvs.x', secretId: 'left over' } });
    expect(provider.snapshot).toMatchObject({ version: 0, stamp: null });
    expect(provider.snapshot.credentials).toEqual({ token: 'hvs.x' });
    expect(provider.change).toMatchObject({ type: 'created', reason: 'needed' });
    const files = register({ settings: { kind: 'file', directory: '/run/secrets/app' } });
    expect(files.snapshot.credentials).toEqual({});
  });

  it('changes what is named, and nothing where nothing changes', () => {
    const provider = aProvider();
    provider.revise({ description: null, pathPrefixes: ['*'] }, SURROUNDINGS, null);
    expect(provider.change).toBeNull();
    provider.revise({ description: 'Ours' }, SURROUNDINGS, 'why');
    expect(provider.change).toMatchObject({ type: 'updated', reason: 'why' });
    expect(provider.snapshot).toEqual({ ...aProvider().snapshot, description: 'Ours' });
  });

  it('is another one with another credential', () => {
    const provider = aProvider();
    provider.revise({ credentials: { token: 'hvs.y' } }, SURROUNDINGS, null);
    expect(provider.change).toMatchObject({ type: 'updated' });
    expect(sameDefinition(provider.snapshot, aProvider().snapshot)).toBe(false);
  });

  it('is deleted, and keeps its history', () => {
    const provider = aProvider();
    provider.delete('moved');
    expect(provider.change).toMatchObject({ type: 'deleted', reason: 'moved', removes: true });
  });

  it('tells everything that is wrong at once, and stays as it was', () => {
    const settings = { kind: 'env', names: ['FINE', 'OWN_KEY', '9'] } as const;
    const provider = aProvider();
    const revise = (): void => provider.revise({ settings, pathPrefixes: ['/a'] }, SURROUNDINGS, null);
    expect(revise).toThrow(InvalidInput);
    expect(revise).toThrow(
      expect.objectContaining({
        violations: [
          expect.objectContaining({ pointer: '/settings/names/1', code: 'reserved' }),
          expect.objectContaining({ pointer: '/settings/names/2', code: 'pattern' }),
          expect.objectContaining({ pointer: '/path_prefixes/0', code: 'pattern' }),
        ],
      }),
    );
    expect(provider.snapshot).toEqual(aProvider().snapshot);
    expect(() => register({ pathPrefixes: [] })).toThrow('/path_prefixes: At least one');
  });

  it.each(['', 'A', '1a', 'a_b', 'a.b', 'a'.repeat(64)])('is not called %j', (alias) => {
    expect(() => providerAlias(alias)).toThrow(InvalidInput);
  });
});
