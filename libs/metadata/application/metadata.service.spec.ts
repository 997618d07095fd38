import { IdConflict, StaleVersion } from '#shared-kernel';
import { InMemoryUnitOfWork, SetClock } from '#platform/testing';
import { EntryNotFound, MetadataKeyTaken } from '../domain/errors.js';
import type { EntryId } from '../domain/identity.js';
import type { EntryState } from '../domain/metadata-entry.js';
import { aDefinition, aName, anId } from '../testing/an-entry.js';
import { InMemoryMetadataEntryRepository } from '../testing/in-memory-metadata-entry.repository.js';
import { MetadataService } from './metadata.service.js';
import type { EntryAt, NewEntry, Stored } from './metadata.service.js';

const NOW = new Date('2026-05-01T10:00:00.000Z');
const LATER = new Date('2026-05-01T11:00:00.000Z');
const ANY = { createOnly: false, ifVersion: null } as const;

let clock: SetClock;
let entries: InMemoryMetadataEntryRepository;
let service: MetadataService;

beforeEach(() => {
  clock = new SetClock(NOW);
  entries = new InMemoryMetadataEntryRepository(clock);
  service = new MetadataService(entries, new InMemoryUnitOfWork(entries), clock);
});

const aRequest = (request: Partial<NewEntry> = {}): NewEntry => ({
  id: anId(),
  idIsGiven: false,
  tenant: null,
  name: aName(),
  definition: aDefinition(),
  reason: null,
  ...request,
});
const aStored = async (request: Partial<NewEntry> = {}): Promise<EntryState> =>
  (await service.create(aRequest(request))).state;
const at = (id: EntryId, ifVersion: number | null = null): EntryAt => ({ id, ifVersion });
const stateOf = async (id: EntryId): Promise<EntryState> => (await entries.get(id)).snapshot;
const nameOf = ({ namespace, key }: EntryState): NewEntry['name'] => ({ namespace, key });
const expiring = { definition: aDefinition({ expiresAt: LATER }) };
const outcomeOf = ({ outcome, state }: Stored): unknown => [outcome, state.version];

describe('creating', () => {
  it('stores version 1', async () => {
    const request = aRequest({ tenant: 'acme', reason: 'because' });
    const stored = await service.create(request);
    expect(outcomeOf(stored)).toEqual(['created', 1]);
    expect(stored.state).toMatchObject({ id: request.id, tenant: 'acme', ...request.name });
    expect(await stateOf(request.id)).toEqual(stored.state);
  });

  it('refuses a name that is taken, and says by whom', async () => {
    const holder = await aStored();
    const creating = service.create(aRequest({ name: nameOf(holder) }));
    await expect(creating).rejects.toThrow(MetadataKeyTaken);
    await expect(creating).rejects.toMatchObject({ facts: { conflicting_id: holder.id } });
  });

  it('takes a name the moment its holder expires, whose history goes on to the end', async () => {
    const holder = await aStored(expiring);
    clock.setTo(LATER);
    const heir = await service.create(aRequest({ name: nameOf(holder) }));
    expect(outcomeOf(heir)).toEqual(['created', 1]);
    await expect(entries.get(holder.id)).rejects.toThrow(EntryNotFound);
    expect(await entries.definitionAt(holder.id, 1)).toEqual(holder.definition);
  });
});

describe('creating with an id of the caller', () => {
  it('gives the stored entry when the same is asked again', async () => {
    const request = aRequest({ idIsGiven: true });
    const { state } = await service.create(request);
    expect(await service.create(request)).toEqual({ state, outcome: 'unchanged' });
  });

  it('gives it for a secret too, which is encrypted whether or not that was said', async () => {
    const request = aRequest({ idIsGiven: true, definition: aDefinition({ isSecret: true }) });
    const { state } = await service.create(request);
    expect(await service.create(request)).toEqual({ state, outcome: 'unchanged' });
  });

  it('refuses the id for another content or another name', async () => {
    const request = aRequest({ idIsGiven: true });
    await service.create(request);
    const otherContent = { ...request, definition: aDefinition({ description: null }) };
    await expect(service.create(otherContent)).rejects.toThrow(IdConflict);
    await expect(service.create({ ...request, name: aName() })).rejects.toThrow(IdConflict);
  });

  it('refuses the id of what was removed', async () => {
    const request = aRequest({ idIsGiven: true });
    await service.create(request);
    await service.delete(at(request.id), null);
    await expect(service.create(request)).rejects.toThrow(IdConflict);
  });
});

describe('revising', () => {
  it('changes what is decided on what is there', async () => {
    const { id } = await aStored();
    const state = await service.revise(
      at(id, 1),
      ({ definition }) => ({ tags: [...definition.tags, 'more'] }),
      'because',
    );
    expect(state).toMatchObject({ version: 2, definition: { tags: ['database', 'more'] } });
    expect(await stateOf(id)).toEqual(state);
  });

  it('makes no version when nothing changes', async () => {
    const before = await aStored();
    expect(await service.revise(at(before.id), () => ({ tags: ['database'] }), null)).toEqual(before);
  });

  it('refuses what was decided on an older version', async () => {
    const { id } = await aStored();
    await service.revise(at(id), () => ({ description: 'Faster' }), null);
    const late = service.revise(at(id, 1), () => ({ description: 'Late' }), null);
    await expect(late).rejects.toMatchObject({ code: 'stale_version', currentVersion: 2 });
    expect((await stateOf(id)).definition.description).toBe('Faster');
  });

  it('finds neither what is not there nor what has expired', async () => {
    await expect(service.revise(at(anId()), () => ({}), null)).rejects.toThrow(EntryNotFound);
    const { id } = await aStored(expiring);
    clock.setTo(LATER);
    await expect(service.revise(at(id), () => ({ expiresAt: null }), null)).rejects.toThrow(EntryNotFound);
  });

  it('does not rename onto a name that is taken, and says by whom', async () => {
    const holder = await aStored();
    const { id, key } = await aStored();
    const renaming = service.revise(at(id), () => ({ key: holder.key }), null);
    await expect(renaming).rejects.toMatchObject({
      code: 'metadata_key_taken',
      facts: { conflicting_id: holder.id },
    });
    expect(await stateOf(id)).toMatchObject({ key, version: 1 });
  });

  it('renames onto a name whose holder has expired', async () => {
    const holder = await aStored(expiring);
    const { id } = await aStored();
    clock.setTo(LATER);
    expect(await service.revise(at(id), () => ({ key: holder.key }), null)).toMatchObject({
      id,
      key: holder.key,
      version: 2,
    });
    await expect(entries.get(holder.id)).rejects.toThrow(EntryNotFound);
  });
});

describe('upserting', () => {
  it('makes what is not there, changes what is, and leaves what is right', async () => {
    const first = aRequest();
    const second = { ...aRequest({ name: first.name }), definition: aDefinition({ tags: ['new'] }) };
    expect(outcomeOf(await service.upsert(first, ANY))).toEqual(['created', 1]);
    const updated = await service.upsert(second, ANY);
    expect(outcomeOf(updated)).toEqual(['updated', 2]);
    expect(updated.state).toMatchObject({ id: first.id, definition: { tags: ['new'] } });
    expect(outcomeOf(await service.upsert(second, ANY))).toEqual(['unchanged', 2]);
  });

  it('leaves alone what is there when it is to create only', async () => {
    const { id, ...holder } = await aStored();
    const request = aRequest({ name: nameOf({ id, ...holder }), definition: aDefinition({ tags: [] }) });
    const creating = service.upsert(request, { createOnly: true, ifVersion: null });
    await expect(creating).rejects.toMatchObject({ code: 'stale_version', currentVersion: 1 });
    expect((await stateOf(id)).definition.tags).toEqual(['database']);
  });

  it('replaces only the version that the caller saw', async () => {
    const holder = await aStored();
    const request = aRequest({ name: nameOf(holder), definition: aDefinition({ tags: [] }) });
    await expect(service.upsert(request, { createOnly: false, ifVersion: 2 })).rejects.toThrow(StaleVersion);
    const stored = await service.upsert(request, { createOnly: false, ifVersion: 1 });
    expect(outcomeOf(stored)).toEqual(['updated', 2]);
  });

  it('makes nothing for a caller who saw a version, when there is none', async () => {
    const request = aRequest();
    const replacing = service.upsert(request, { createOnly: false, ifVersion: 1 });
    await expect(replacing).rejects.toMatchObject({ code: 'stale_version', currentVersion: null });
    await expect(entries.get(request.id)).rejects.toThrow(EntryNotFound);
  });

  it('makes a new entry where one has expired', async () => {
    const holder = await aStored(expiring);
    clock.setTo(LATER);
    const request = aRequest({ name: nameOf(holder) });
    const heir = await service.upsert(request, { createOnly: true, ifVersion: null });
    expect(outcomeOf(heir)).toEqual(['created', 1]);
    expect(heir.state.id).toBe(request.id);
  });

  it('makes one entry of two requests at once', async () => {
    const name = aName();
    const requests = ['a', 'b'].map((tag) => aRequest({ name, definition: aDefinition({ tags: [tag] }) }));
    const stored = await Promise.all(requests.map((request) => service.upsert(request, ANY)));
    expect(stored.map(outcomeOf)).toEqual([
      ['created', 1],
      ['updated', 2],
    ]);
    expect(new Set(stored.map(({ state }) => state.id)).size).toBe(1);
  });
});

describe('finding the id of a name', () => {
  it('finds the own entry of the tenant', async () => {
    const name = aName();
    const own = await aStored({ tenant: 'acme', name });
    const shared = await aStored({ tenant: null, name });
    expect(await service.idOf('acme', name)).toBe(own.id);
    expect(await service.idOf(null, name)).toBe(shared.id);
    await expect(service.idOf('globex', name)).rejects.toThrow(EntryNotFound);
  });

  it('does not find what has expired', async () => {
    const holder = await aStored(expiring);
    clock.setTo(LATER);
    await expect(service.idOf(null, nameOf(holder))).rejects.toThrow(EntryNotFound);
  });
});

describe('rolling back', () => {
  it('makes the old definition the newest version', async () => {
    const { id, definition } = await aStored();
    const { key } = await service.revise(at(id), () => ({ ...aName(), tags: ['other'] }), null);
    const state = await service.rollBack(at(id, 2), 1, 'it was better');
    expect(state).toMatchObject({ version: 3, key, definition });
    expect(await stateOf(id)).toEqual(state);
  });

  it('refuses a version that is not there, and an older one than the caller saw', async () => {
    const { id } = await aStored();
    await expect(service.rollBack(at(id), 2, null)).rejects.toMatchObject({ code: 'version_not_found' });
    await expect(service.rollBack(at(id, 7), 1, null)).rejects.toThrow(StaleVersion);
    expect((await stateOf(id)).version).toBe(1);
  });
});

describe('deleting', () => {
  it('takes the entry away and frees its name', async () => {
    const { id, ...holder } = await aStored();
    await service.delete(at(id, 1), null);
    await expect(service.delete(at(id), null)).rejects.toThrow(EntryNotFound);
    const heir = await service.create(aRequest({ name: nameOf({ id, ...holder }) }));
    expect(heir.outcome).toBe('created');
  });

  it('refuses to take away another version than the caller saw', async () => {
    const { id } = await aStored();
    await expect(service.delete(at(id, 2), null)).rejects.toThrow(StaleVersion);
    expect((await stateOf(id)).version).toBe(1);
  });
});

describe('the sweeper', () => {
  it('takes away whose time is over, and tells how many', async () => {
    const [stays, goes, alsoGoes] = [await aStored(), await aStored(expiring), await aStored(expiring)];
    expect(await service.expire()).toBe(0);
    clock.setTo(LATER);
    expect(await service.expire()).toBe(2);
    expect(await service.expire()).toBe(0);
    expect((await stateOf(stays.id)).version).toBe(1);
    await expect(entries.get(goes.id)).rejects.toThrow(EntryNotFound);
    await expect(entries.get(alsoGoes.id)).rejects.toThrow(EntryNotFound);
  });

  it('takes 200 at once, and the rest when asked again', async () => {
    for (let made = 0; made < 201; made += 1) await aStored(expiring);
    clock.setTo(LATER);
    expect([await service.expire(), await service.expire(), await service.expire()]).toEqual([200, 1, 0]);
  });

  it('goes on when somebody else takes one away meanwhile', async () => {
    const expired = await Promise.all([1, 2, 3, 4, 5].map(() => aStored(expiring)));
    clock.setTo(LATER);
    const heirs = expired.slice(3).map((holder) => service.create(aRequest({ name: nameOf(holder) })));
    await expect(Promise.all([service.expire(), ...heirs])).resolves.toHaveLength(3);
    expect(await entries.expired(10)).toEqual([]);
  });
});
