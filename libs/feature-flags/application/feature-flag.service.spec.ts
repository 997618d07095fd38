import { IdConflict, StaleVersion } from '#shared-kernel';
import type { FlagDefinition } from '#flag-evaluator';
import type { ExpectedVersion } from '#shared-kernel';
import {
  FlagArchived,
  FlagCycle,
  FlagInUse,
  FlagNameTaken,
  FlagNotFound,
  FlagReferenceUnknown,
} from '../domain/errors.js';
import type { FlagState } from '../domain/feature-flag.js';
import type { FlagId } from '../domain/identity.js';
import { aDefinition, aFlagId, aFlagName, aProfile, aRule } from '../testing/a-flag.js';
import { ServicesInMemory } from '../testing/services-in-memory.js';
import type { NewFlag } from './feature-flag.service.js';
import type { FlagAt } from './flag-changes.js';

let parts: ServicesInMemory;

beforeEach(() => {
  parts = new ServicesInMemory();
});

const aRequest = (request: Partial<NewFlag> = {}, definition: Partial<FlagDefinition> = {}): NewFlag => ({
  id: aFlagId(),
  idIsGiven: false,
  tenant: null,
  name: aFlagName(),
  content: () => ({ profile: aProfile(), definition: aDefinition(definition) }),
  reason: null,
  ...request,
});
const aStored = async (
  definition: Partial<FlagDefinition> = {},
  request: Partial<NewFlag> = {},
): Promise<FlagState> => (await parts.flagService.create(aRequest(request, definition))).state;
const at = (id: FlagId, ifVersion: ExpectedVersion = null): FlagAt => ({ id, ifVersion });
const stateOf = async (id: FlagId): Promise<FlagState> => (await parts.flags.get(id)).snapshot;
const after = (name: string): Partial<FlagDefinition> => ({ prerequisites: [{ flag: name, equals: true }] });

describe('creating', () => {
  it('stores version 1', async () => {
    const request = aRequest({ tenant: 'acme', reason: 'because' });
    const { state, outcome } = await parts.flagService.create(request);
    expect([outcome, state.version, state.tenant, state.name]).toEqual(['created', 1, 'acme', request.name]);
    expect(await stateOf(request.id)).toEqual(state);
  });

  it('refuses a name that is taken, and tells by whom', async () => {
    const { id, name } = await aStored();
    await expect(aStored({}, { name })).rejects.toMatchObject({
      code: 'flag_name_taken',
      facts: { conflicting_id: id },
    });
    await expect(aStored({}, { name, tenant: 'acme' })).resolves.toMatchObject({ version: 1 });
  });

  it('with an id of the caller gives what is stored when the same is asked again', async () => {
    const request = aRequest({ idIsGiven: true });
    const { state } = await parts.flagService.create(request);
    expect(await parts.flagService.create(request)).toEqual({ state, outcome: 'unchanged' });
  });

  it('leaves ids of rules to what is stored, when the same is asked again', async () => {
    const request = aRequest({
      idIsGiven: true,
      content: (stored) => ({
        profile: aProfile(),
        definition: aDefinition({
          targetingRules: [aRule({ id: stored?.definition.targetingRules[0]?.id ?? 'made' })],
        }),
      }),
    });
    const { state } = await parts.flagService.create(request);
    expect(await parts.flagService.create(request)).toEqual({ state, outcome: 'unchanged' });
  });

  it('refuses an id that is used for something else, or was', async () => {
    const request = aRequest({ idIsGiven: true });
    await parts.flagService.create(request);
    const other = aRequest({}, { rolloutPercentage: 5 });
    await expect(
      parts.flagService.create({ ...request, content: (stored) => other.content(stored) }),
    ).rejects.toThrow(IdConflict);
    await expect(parts.flagService.create({ ...request, name: aFlagName() })).rejects.toThrow(IdConflict);
    await parts.flagService.delete(at(request.id), null);
    await expect(parts.flagService.create(request)).rejects.toThrow(IdConflict);
  });
});

describe('changing', () => {
  it('decides on what is there', async () => {
    const { id } = await aStored();
    const state = await parts.flagService.revise(
      at(id, 1),
      ({ profile }) => ({ profile: { tags: [...profile.tags, 'more'] } }),
      'because',
    );
    expect([state.version, state.profile.tags]).toEqual([2, ['checkout', 'more']]);
    expect(await stateOf(id)).toEqual(state);
  });

  it('switches, rolls out, archives and restores, each as a version', async () => {
    const { id } = await aStored();
    const { flagService } = parts;
    expect((await flagService.disable(at(id), null)).definition.enabled).toBe(false);
    expect((await flagService.enable(at(id), null)).definition.enabled).toBe(true);
    expect((await flagService.rollOut(at(id), () => 25, null)).definition.rolloutPercentage).toBe(25);
    expect((await flagService.archive(at(id), null)).archivedAt).toEqual(parts.clock.now());
    await expect(flagService.enable(at(id), null)).rejects.toThrow(FlagArchived);
    expect((await flagService.unarchive(at(id), null)).archivedAt).toBeNull();
    expect((await flagService.rollBack(at(id), 1, null)).definition.rolloutPercentage).toBe(100);
    expect((await stateOf(id)).version).toBe(7);
  });

  it('refuses what was decided on an older version, before anything else is looked at', async () => {
    const { id } = await aStored();
    const neverAsked = (): number => {
      throw new Error('This was not to be asked.');
    };
    await expect(parts.flagService.rollOut(at(id, 7), neverAsked, null)).rejects.toThrow(StaleVersion);
    await expect(parts.flagService.rollOut(at(aFlagId()), neverAsked, null)).rejects.toThrow(FlagNotFound);
  });

  it('does not rename onto a name that is taken, and tells by whom', async () => {
    const [holder, { id, name }] = [await aStored(), await aStored()];
    const renaming = parts.flagService.revise(at(id), () => ({ name: holder.name }), null);
    await expect(renaming).rejects.toThrow(FlagNameTaken);
    await expect(renaming).rejects.toMatchObject({ facts: { conflicting_id: holder.id } });
    expect(await stateOf(id)).toMatchObject({ name, version: 1 });
  });

  it('finds the own flag of a tenant by name', async () => {
    const own = await aStored({}, { tenant: 'acme' });
    expect(await parts.flagService.findOwn('acme', own.name)).toEqual(own);
    expect(await parts.flagService.findOwn(null, own.name)).toBeNull();
  });
});

describe('references', () => {
  it('lead somewhere', async () => {
    await expect(aStored(after('nowhere'))).rejects.toThrow(FlagReferenceUnknown);
    const { id } = await aStored();
    const revising = parts.flagService.revise(at(id), () => ({ definition: after('nowhere') }), null);
    await expect(revising).rejects.toMatchObject({
      violations: [{ pointer: '/prerequisites/0/flag', code: 'flag_reference_unknown' }],
    });
  });

  it('make no circle, and the way around is told', async () => {
    const a = await aStored();
    const b = await aStored(after(a.name));
    const closing = parts.flagService.revise(at(a.id), () => ({ definition: after(b.name) }), null);
    await expect(closing).rejects.toThrow(FlagCycle);
    await expect(closing).rejects.toMatchObject({
      facts: { path: [a, b, a].map(({ name }) => ({ type: 'flag', name })) },
    });
    expect((await stateOf(a.id)).version).toBe(1);
  });

  it('of one of two that would close a circle at once are refused', async () => {
    const [a, b] = [await aStored(), await aStored()];
    const both = await Promise.allSettled([
      parts.flagService.revise(at(a.id), () => ({ definition: after(b.name) }), null),
      parts.flagService.revise(at(b.id), () => ({ definition: after(a.name) }), null),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('keep what they lead to from being deleted or renamed, not from being archived', async () => {
    const a = await aStored();
    const b = await aStored(after(a.name));
    await expect(parts.flagService.delete(at(a.id), null)).rejects.toThrow(FlagInUse);
    const renaming = parts.flagService.revise(at(a.id), () => ({ name: aFlagName() }), null);
    await expect(renaming).rejects.toMatchObject({
      facts: { used_by: [{ type: 'flag', name: b.name, tenant_id: null }] },
    });
    expect((await parts.flagService.archive(at(a.id), null)).version).toBe(2);
    await parts.flagService.delete(at(b.id), null);
    await parts.flagService.delete(at(a.id), null);
    await expect(stateOf(a.id)).rejects.toThrow(FlagNotFound);
  });

  it('are looked at again when a version comes back', async () => {
    const a = await aStored();
    const b = await aStored(after(a.name));
    await parts.flagService.revise(at(b.id), () => ({ definition: { prerequisites: [] } }), null);
    await parts.flagService.delete(at(a.id), null);
    await expect(parts.flagService.rollBack(at(b.id), 1, null)).rejects.toThrow(FlagReferenceUnknown);
  });

  it('of a tenant lead to its own first, of what is shared to what is shared', async () => {
    const own = await aStored({}, { tenant: 'acme' });
    await expect(aStored(after(own.name))).rejects.toThrow(FlagReferenceUnknown);
    const shared = await aStored();
    const user = await aStored(after(shared.name), { tenant: 'acme' });
    await expect(aStored(after(user.name), { tenant: 'acme', name: shared.name })).rejects.toThrow(FlagCycle);
    await expect(parts.flagService.delete(at(shared.id), null)).rejects.toThrow(FlagInUse);
    await aStored({}, { tenant: 'acme', name: shared.name });
    await parts.flagService.delete(at(shared.id), null);
  });
});

describe('environments of overrides', () => {
  const qa = { environmentOverrides: { qa: { value: true } } };

  it('are known ones where they are named anew', async () => {
    parts.environments.keys.add('staging');
    const refused = { code: 'catalog_reference_unknown' };
    await expect(aStored(qa)).rejects.toMatchObject({
      ...refused,
      violations: [{ pointer: '/environmentOverrides/qa' }],
    });
    const { id } = await aStored({ environmentOverrides: { staging: { value: true } } });
    const revising = parts.flagService.revise(at(id), () => ({ definition: qa }), null);
    await expect(revising).rejects.toMatchObject(refused);
    const override = () => ({ value: true });
    const overriding = parts.targetingService.overrideInEnvironment(at(id), 'qa', override, null);
    await expect(overriding).rejects.toMatchObject(refused);
    expect((await stateOf(id)).version).toBe(1);
  });

  it('stay editable when they are known no more, and come back with an old version', async () => {
    const { id } = await aStored(qa);
    parts.environments.keys.add('staging');
    const off = () => ({ value: false });
    expect((await parts.targetingService.overrideInEnvironment(at(id), 'qa', off, null)).version).toBe(2);
    expect((await parts.flagService.disable(at(id), null)).version).toBe(3);
    await parts.targetingService.removeEnvironmentOverride(at(id), 'qa', null);
    const back = await parts.flagService.rollBack(at(id), 2, null);
    expect(back.definition.environmentOverrides).toEqual({ qa: { value: false } });
  });
});
