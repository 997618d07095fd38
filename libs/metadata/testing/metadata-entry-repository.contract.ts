import fc from 'fast-check';
import { IdConflict, StaleVersion } from '#shared-kernel';
import type { UnitOfWork } from '#shared-kernel';
import { EntryNotFound, MetadataKeyTaken } from '../domain/errors.js';
import { namespace } from '../domain/identity.js';
import type { EntryId } from '../domain/identity.js';
import type { EntryDefinition, EntryState, MetadataEntry } from '../domain/metadata-entry.js';
import type { MetadataEntryRepository } from '../domain/metadata-entry.repository.js';
import { aDefinition, aName, aNewEntry, anId } from './an-entry.js';

/** A repository, and the transactions that it works in. Other entries may be in it. */
export interface Repositories {
  readonly entries: MetadataEntryRepository;
  readonly unitOfWork: UnitOfWork;
  /** In whose name everything is done. */
  readonly actor: string;
}

const words = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0'));
const instants = fc.date({
  min: new Date('2100-01-01'),
  max: new Date('2200-01-01'),
  noInvalidDate: true,
});

/** Whatever an entry may be, not yet expired. */
const definitions: fc.Arbitrary<EntryDefinition> = fc.record({
  content: fc.record({ type: fc.constantFrom('json', 'yaml', 'text', 'binary'), text: words }),
  tags: fc.uniqueArray(words, { maxLength: 5 }),
  description: fc.option(words),
  isEncrypted: fc.boolean(),
  isSecret: fc.constant(false),
  expiresAt: fc.option(instants),
});

/** What every repository of entries must do; run against the real one and the one in memory. */
export function metadataEntryRepositoryContract(open: () => Repositories): void {
  const run = <T>(work: (entries: MetadataEntryRepository) => Promise<T>): Promise<T> =>
    open().unitOfWork.run(() => work(open().entries));

  async function store(state: Partial<EntryState> = {}): Promise<EntryState> {
    const entry = aNewEntry(state);
    await run((entries) => entries.save(entry));
    return entry.snapshot;
  }

  const change = (id: EntryId, act: (entry: MetadataEntry) => void): Promise<EntryState> =>
    run(async (entries) => {
      const entry = await entries.get(id);
      act(entry);
      await entries.save(entry);
      return entry.snapshot;
    });

  const stateOf = (id: EntryId): Promise<EntryState> =>
    run(async (entries) => (await entries.get(id)).snapshot);

  describe('saving', () => {
    it('makes version 1 of a new entry, and stamps it', async () => {
      const { actor } = open();
      const { version, stamp } = await store();
      expect(version).toBe(1);
      expect(stamp).toEqual({
        createdAt: expect.any(Date),
        createdBy: actor,
        updatedAt: stamp?.createdAt,
        updatedBy: actor,
      });
    });

    it('gives back whatever was saved, in its place and in its history', async () => {
      const round = async (definition: EntryDefinition, tenant: string | null): Promise<void> => {
        const stored = await store({ definition, tenant });
        expect(await stateOf(stored.id)).toEqual(stored);
        expect(stored.definition).toEqual(definition);
        expect(await run((entries) => entries.definitionAt(stored.id, 1))).toEqual(definition);
      };
      await fc.assert(fc.asyncProperty(definitions, fc.constantFrom(null, 'acme'), round), { numRuns: 40 });
    });

    it('makes the next version of a changed entry, and keeps who made the first', async () => {
      const { id, stamp } = await store();
      const changed = await change(id, (entry) => entry.revise({ description: 'Other' }));
      expect([changed.version, changed.definition.description]).toEqual([2, 'Other']);
      expect(changed.stamp).toMatchObject({ createdAt: stamp?.createdAt, createdBy: stamp?.createdBy });
      expect(Number(changed.stamp?.updatedAt)).toBeGreaterThanOrEqual(Number(stamp?.updatedAt));
      expect(await stateOf(id)).toEqual(changed);
    });

    it('leaves nothing to be saved again', async () => {
      const entry = aNewEntry();
      await run((entries) => entries.save(entry));
      expect(entry.change).toBeNull();
      await run((entries) => entries.save(entry));
      expect((await stateOf(entry.snapshot.id)).version).toBe(1);
    });

    it('can be done twice in one unit of work', async () => {
      const entry = aNewEntry();
      const { id } = entry.snapshot;
      await run(async (entries) => {
        await entries.save(entry);
        entry.revise({ tags: ['second'] });
        await entries.save(entry);
      });
      expect(await stateOf(id)).toMatchObject({ version: 2, definition: { tags: ['second'] } });
      expect((await run((entries) => entries.definitionAt(id, 1))).tags).toEqual(['database']);
    });

    it('refuses a change that was decided on an older version', async () => {
      const { id } = await store();
      const late = await run((entries) => entries.get(id));
      await change(id, (entry) => entry.revise({ description: 'Faster' }));
      late.revise({ description: 'Late' });
      const error = await run((entries) => entries.save(late)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StaleVersion);
      expect(error).toMatchObject({ currentVersion: 2 });
      expect((await stateOf(id)).definition.description).toBe('Faster');
    });

    it('refuses a change to what was removed meanwhile', async () => {
      const { id } = await store();
      const late = await run((entries) => entries.get(id));
      await change(id, (entry) => entry.delete());
      late.revise({ description: 'Late' });
      await expect(run((entries) => entries.save(late))).rejects.toThrow(StaleVersion);
    });
  });

  describe('a name', () => {
    it('belongs to one entry of a tenant and namespace', async () => {
      const { tenant, namespace: space, key } = await store({ tenant: 'acme' });
      await expect(store({ tenant, namespace: space, key })).rejects.toThrow(MetadataKeyTaken);
      await expect(store({ tenant: 'globex', namespace: space, key })).resolves.toMatchObject({ version: 1 });
      await expect(store({ tenant: null, namespace: space, key })).resolves.toMatchObject({ version: 1 });
      await expect(store({ tenant, namespace: namespace('staging'), key })).resolves.toMatchObject({
        version: 1,
      });
    });

    it('cannot be taken from another by renaming', async () => {
      const { key } = await store();
      const { id, key: before } = await store();
      await expect(change(id, (entry) => entry.revise({ key }))).rejects.toThrow(MetadataKeyTaken);
      expect(await stateOf(id)).toMatchObject({ version: 1, key: before });
    });

    it('leads to the own entry of the tenant alone', async () => {
      const name = aName();
      const own = await store({ tenant: 'acme', ...name });
      const shared = await store({ tenant: null, ...name });
      const find = (
        tenant: string | null,
        { key, namespace: space } = name,
      ): Promise<EntryState | undefined> =>
        run(async (entries) => (await entries.findByName(tenant, { key, namespace: space }))?.snapshot);
      expect(await find('acme')).toEqual(own);
      expect(await find(null)).toEqual(shared);
      expect(await find('globex')).toBeUndefined();
      expect(await find('acme', aName({ key: name.key, namespace: namespace('staging') }))).toBeUndefined();
      expect(await find('acme', aName())).toBeUndefined();
    });

    it('leads to an entry after it was renamed, and the old one nowhere', async () => {
      const { id, tenant, ...before } = await store();
      const after = aName({ namespace: namespace('staging') });
      await change(id, (entry) => entry.revise(after));
      await run(async (entries) => {
        expect((await entries.findByName(tenant, after))?.snapshot.id).toBe(id);
        expect(await entries.findByName(tenant, before)).toBeNull();
      });
      expect(await store(before)).toMatchObject({ version: 1 });
    });
  });

  describe('an id', () => {
    it('leads to no entry when it was never used', async () => {
      const id = anId();
      await expect(run((entries) => entries.get(id))).rejects.toThrow(EntryNotFound);
      expect(await run((entries) => entries.isIdUsed(id))).toBe(false);
    });

    it('is not given to a second entry', async () => {
      const { id } = await store();
      await expect(store({ id })).rejects.toThrow(IdConflict);
      expect(await run((entries) => entries.isIdUsed(id))).toBe(true);
    });

    it('is used from the moment of saving', async () => {
      const entry = aNewEntry();
      const isUsed = await run(async (entries) => {
        await entries.save(entry);
        return entries.isIdUsed(entry.snapshot.id);
      });
      expect(isUsed).toBe(true);
    });
  });

  describe('removing', () => {
    it('takes the entry away and frees its name, but not its id', async () => {
      const { id, tenant, ...name } = await store();
      const { version } = await change(id, (entry) => entry.delete());
      expect(version).toBe(2);
      await expect(stateOf(id)).rejects.toThrow(EntryNotFound);
      expect(await run((entries) => entries.findByName(tenant, name))).toBeNull();
      expect(await run((entries) => entries.isIdUsed(id))).toBe(true);
      expect(await store({ tenant, namespace: name.namespace, key: name.key })).toMatchObject({ version: 1 });
    });
  });

  describe('the history', () => {
    const missing = { code: 'version_not_found', kind: 'not-found' };

    it('keeps every version, also after a removal', async () => {
      const { id } = await store({ definition: aDefinition({ description: 'First' }) });
      await change(id, (entry) => entry.revise({ description: 'Second', isEncrypted: true }));
      await change(id, (entry) => entry.delete());
      const at = (version: number): Promise<EntryDefinition> =>
        run((entries) => entries.definitionAt(id, version));
      expect(await at(1)).toEqual(aDefinition({ description: 'First' }));
      expect(await at(2)).toEqual(aDefinition({ description: 'Second', isEncrypted: true }));
      await expect(at(3)).rejects.toMatchObject(missing);
      await expect(at(4)).rejects.toMatchObject(missing);
    });

    it('has nothing of what never was', async () => {
      const never = anId();
      await expect(run((entries) => entries.definitionAt(never, 1))).rejects.toMatchObject(missing);
    });
  });

  describe('expiry', () => {
    it('is told of all tenants, the longest over first', async () => {
      const expiring = (expiresAt: Date, tenant: string | null): MetadataEntry =>
        aNewEntry({ tenant, definition: aDefinition({ expiresAt }) });
      const later = expiring(new Date('1971-01-01'), null);
      const sooner = expiring(new Date('1970-01-01'), 'acme');
      const never = expiring(new Date('2200-01-01'), null);
      const [first, both] = await run(async (entries) => {
        for (const entry of [later, never, sooner]) await entries.save(entry);
        return [await entries.expired(1), await entries.expired(2)];
      });
      expect(first).toEqual([sooner.snapshot.id]);
      expect(both).toEqual([sooner.snapshot.id, later.snapshot.id]);
      expect(await run((entries) => entries.expired(1_000))).not.toContain(never.snapshot.id);
    });
  });

  describe('a unit of work', () => {
    it('that fails leaves nothing behind', async () => {
      const entry = aNewEntry();
      const failing = run(async (entries) => {
        await entries.save(entry);
        throw new Error('After all not.');
      });
      await expect(failing).rejects.toThrow('After all not.');
      await expect(stateOf(entry.snapshot.id)).rejects.toThrow(EntryNotFound);
      expect(await run((entries) => entries.isIdUsed(entry.snapshot.id))).toBe(false);
    });

    it('goes on after an attempt that failed', async () => {
      const { key } = await store();
      const [first, refused, last] = [aNewEntry(), aNewEntry({ key }), aNewEntry()];
      await run(async (entries) => {
        await entries.save(first);
        const attempt = open().unitOfWork.attempt(() => entries.save(refused));
        await expect(attempt).rejects.toThrow(MetadataKeyTaken);
        await entries.save(last);
      });
      expect(await stateOf(first.snapshot.id)).toMatchObject({ version: 1 });
      expect(await stateOf(last.snapshot.id)).toMatchObject({ version: 1 });
      await expect(stateOf(refused.snapshot.id)).rejects.toThrow(EntryNotFound);
    });

    it('has what it got to itself, so that no change is lost', async () => {
      const { id } = await store({ definition: aDefinition({ tags: [] }) });
      const added = ['a', 'b', 'c', 'd'];
      const add = (tag: string): Promise<EntryState> =>
        change(id, (entry) => entry.revise({ tags: [...entry.snapshot.definition.tags, tag] }));
      const versions = (await Promise.all(added.map(add))).map(({ version }) => version);
      expect(versions.sort((a, b) => a - b)).toEqual([2, 3, 4, 5]);
      expect([...(await stateOf(id)).definition.tags].sort()).toEqual(added);
    });
  });
}
