import fc from 'fast-check';
import { IdConflict, StaleVersion } from '#shared-kernel';
import type { UnitOfWork } from '#shared-kernel';
import type { Configuration } from '../domain/configuration.js';
import { contentOf } from '../domain/configuration.js';
import type { ConfigurationState } from '../domain/configuration-state.js';
import type { ConfigurationRepository } from '../domain/configuration.repository.js';
import { ConfigurationNotFound, OverlappingWindow } from '../domain/errors.js';
import { configurationName, environmentName } from '../domain/identity.js';
import type { ConfigurationId } from '../domain/identity.js';
import type { JsonObject } from '../domain/json.js';
import { aConfigurationId, aContent, aNewConfiguration, aScope, aServiceId } from './a-configuration.js';

/** A repository, and the transactions that it works in. Other configurations may be in it. */
export interface ConfigurationRepositories {
  readonly configurations: ConfigurationRepository;
  readonly unitOfWork: UnitOfWork;
  /** In whose name everything is done. */
  readonly actor: string;
}

type New = Parameters<typeof aNewConfiguration>[0];

const missing = { code: 'version_not_found', kind: 'not-found' };
const texts = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0'));
/** Any JSON object whose strings the database can hold. */
const objects = fc
  .dictionary(texts, fc.jsonValue({ depthSize: 'small' }), { maxKeys: 5 })
  .filter((value) => !/\\u0000|\\ud[89a-f]|__proto__|secret_ref/i.test(JSON.stringify(value)))
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const day = (n: number): Date => new Date(Date.UTC(2030, 0, n));

/** What every repository of configurations must do; run against the real one and the one in memory. */
export function configurationRepositoryContract(open: () => ConfigurationRepositories): void {
  const run = <T>(work: (configurations: ConfigurationRepository) => Promise<T>): Promise<T> =>
    open().unitOfWork.run(() => work(open().configurations));

  async function store(state: New = {}): Promise<ConfigurationState> {
    const configuration = aNewConfiguration(state);
    await run((configurations) => configurations.save(configuration));
    return configuration.snapshot;
  }

  const change = (
    id: ConfigurationId,
    act: (configuration: Configuration) => void,
  ): Promise<ConfigurationState> =>
    run(async (configurations) => {
      const configuration = await configurations.get(id);
      act(configuration);
      await configurations.save(configuration);
      return configuration.snapshot;
    });

  const stateOf = (id: ConfigurationId): Promise<ConfigurationState> =>
    run(async (configurations) => (await configurations.get(id)).snapshot);

  it('gives back what was saved, to the order of keys, stamped as version 1', async () => {
    const { actor } = open();
    const round = async (values: JsonObject, description: string | null): Promise<void> => {
      const stored = await store({ values, description, finalKeys: ['a', String.raw`b\.c`] });
      expect(stored).toMatchObject({ version: 1, stamp: { createdBy: actor, updatedBy: actor } });
      const state = await stateOf(stored.id);
      expect(state).toEqual(stored);
      expect(JSON.stringify(state.values)).toBe(JSON.stringify(stored.values));
      expect(await run((configurations) => configurations.contentAt(stored.id, 1))).toEqual(
        contentOf(stored),
      );
    };
    await fc.assert(fc.asyncProperty(objects, fc.option(texts), round), { numRuns: 30 });
  });

  it('gives back secrets, windows and the scope', async () => {
    const secret = {
      ...{ key: 'a.b', path: 'secret/app', field: null, provider: 'vault', version: '3' },
      onError: 'stale' as const,
    };
    const scope = aScope({ tenant: 'acme', name: configurationName('cache') });
    const window = { effectiveFrom: day(1), effectiveUntil: day(2) };
    const stored = await store({ ...scope, ...window, secretRefs: [secret], isActive: false });
    expect(await stateOf(stored.id)).toMatchObject({ ...scope, ...window, secretRefs: [secret] });
    expect(await run((configurations) => configurations.scopeOf(stored.id))).toEqual(scope);
  });

  it('has a version for each change, and each stays', async () => {
    const { id, stamp } = await store({ values: { a: 1 } });
    const changed = await change(id, (each) => each.revise({ values: { a: 2 } }, null));
    expect(changed).toMatchObject({ version: 2, stamp: { createdAt: stamp?.createdAt } });
    const off = await change(id, (each) => each.deactivate(null));
    expect(await stateOf(id)).toEqual(off);
    await change(id, (each) => each.delete(null));
    await expect(stateOf(id)).rejects.toThrow(ConfigurationNotFound);
    await expect(run((configurations) => configurations.scopeOf(id))).rejects.toThrow(ConfigurationNotFound);
    const at = (version: number): Promise<object> =>
      run((configurations) => configurations.contentAt(id, version));
    expect(await Promise.all([at(1), at(2), at(3)])).toEqual([
      aContent({ values: { a: 1 } }),
      aContent({ values: { a: 2 } }),
      aContent({ values: { a: 2 }, isActive: false }),
    ]);
    await expect(at(4)).rejects.toMatchObject(missing);
    await expect(at(5)).rejects.toMatchObject(missing);
  });

  it('saves nothing where nothing happened', async () => {
    const { id } = await store();
    expect((await change(id, () => undefined)).version).toBe(1);
  });

  it('refuses a change that was decided on an older version, or on what is gone', async () => {
    const { id } = await store();
    const late = await run((configurations) => configurations.get(id));
    await change(id, (each) => each.deactivate(null));
    late.revise({ description: 'late' }, null);
    const save = (): Promise<void> => run((configurations) => configurations.save(late));
    await expect(save()).rejects.toMatchObject({ currentVersion: 2 });
    await change(id, (each) => each.delete(null));
    await expect(save()).rejects.toThrow(StaleVersion);
  });

  it('knows an id that was ever used', async () => {
    const used = (id: ConfigurationId): Promise<boolean> =>
      run((configurations) => configurations.isIdUsed(id));
    const { id } = await store();
    expect([await used(id), await used(aConfigurationId())]).toEqual([true, false]);
    await expect(store({ id })).rejects.toThrow(IdConflict);
    await change(id, (each) => each.delete(null));
    expect(await used(id)).toBe(true);
  });

  describe('of one scope', () => {
    it.each([
      ['two without a window', {}, {}, true],
      ['one with a window and one without', { effectiveFrom: day(1) }, {}, false],
      ['windows that meet', { effectiveUntil: day(1) }, { effectiveFrom: day(1) }, false],
      ['windows that overlap', { effectiveUntil: day(2) }, { effectiveFrom: day(1) }, true],
      ['two of which one is not active', {}, { isActive: false }, false],
      ['two tenants', { tenant: 'acme' }, { tenant: 'other' }, false],
      ['two environments', {}, { environment: environmentName('test') }, false],
      ['two names', {}, { name: configurationName('cache') }, false],
    ])('%s', async (_, one, two, isRefused) => {
      const service = aServiceId();
      const first = await store({ service, ...one });
      const second = aNewConfiguration({ service, ...two });
      const saved = run((configurations) => configurations.save(second));
      if (isRefused) await expect(saved).rejects.toThrow(OverlappingWindow);
      else await saved;
      const { snapshot } = second;
      if (!snapshot.isActive) return;
      const holder = await run((configurations) =>
        configurations.findOverlapping(snapshot, snapshot, snapshot.id),
      );
      expect(holder).toBe(isRefused ? first.id : null);
    });

    it('the active one without a window is found', async () => {
      const scope = aScope({ tenant: 'acme' });
      const find = (): Promise<Configuration | null> =>
        run((configurations) => configurations.findPermanent(scope));
      await store({ ...scope, isActive: false });
      await store({ ...scope, effectiveFrom: day(1) });
      await store({ ...scope, tenant: null });
      await store({ ...scope, name: configurationName('cache') });
      expect(await find()).toBeNull();
      const permanent = await store(scope);
      expect((await find())?.snapshot).toEqual(permanent);
    });

    it('one that is activated, moved or brought back may overlap, too', async () => {
      const service = aServiceId();
      const first = await store({ service, isActive: false });
      const second = await store({ service });
      await expect(change(first.id, (each) => each.activate(null))).rejects.toThrow(OverlappingWindow);
      await change(second.id, (each) => each.revise({ effectiveFrom: day(1) }, null));
      await change(first.id, (each) => each.activate(null));
      const back = (each: Configuration): void => each.revertTo(contentOf(second), 1, null);
      await expect(change(second.id, back)).rejects.toThrow(OverlappingWindow);
      expect(await stateOf(second.id)).toMatchObject({ version: 2, effectiveFrom: day(1) });
    });
  });
}
