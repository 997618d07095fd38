import fc from 'fast-check';
import { IdConflict, StaleVersion } from '#shared-kernel';
import type { UnitOfWork } from '#shared-kernel';
import type { Json, Reference } from '#flag-evaluator';
import { FlagNameTaken, FlagNotFound, SegmentNameTaken, SegmentNotFound } from '../domain/errors.js';
import type { FeatureFlag, FlagState } from '../domain/feature-flag.js';
import type { FeatureFlagRepository } from '../domain/feature-flag.repository.js';
import type { FlagId } from '../domain/identity.js';
import type { ReferenceGraph } from '../domain/reference-graph.js';
import type { SegmentState } from '../domain/segment.js';
import type { SegmentRepository } from '../domain/segment.repository.js';
import { aDefinition, aFlagId, aFlagName, aNewFlag, aNewSegment, aProfile, aSegmentId } from './a-flag.js';

/** Repositories, and the transactions that they work in. Other flags and segments may be in them. */
export interface Repositories {
  readonly flags: FeatureFlagRepository;
  readonly segments: SegmentRepository;
  readonly graph: ReferenceGraph;
  readonly unitOfWork: UnitOfWork;
  /** In whose name everything is done. */
  readonly actor: string;
}

const NOW = { now: new Date('2026-05-01T12:00:00.000Z'), reason: null };
const missing = { code: 'version_not_found', kind: 'not-found' };
const texts = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0'));
/** Any JSON object whose strings the database can hold; without -0, which is 0 as soon as it is JSON. */
const objects = fc
  .dictionary(texts, fc.jsonValue({ depthSize: 'small' }), { maxKeys: 5 })
  .filter((value) => !/\\u0000|\\ud[89a-f]|__proto__/i.test(JSON.stringify(value)))
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, Json>);

/** What every repository of flags and of segments must do; run against the real ones and the ones in memory. */
export function repositoriesContract(open: () => Repositories): void {
  const run = <T>(work: (repositories: Repositories) => Promise<T>): Promise<T> =>
    open().unitOfWork.run(() => work(open()));

  async function store(state: Partial<FlagState> = {}): Promise<FlagState> {
    const flag = aNewFlag(state);
    await run(({ flags }) => flags.save(flag));
    return flag.snapshot;
  }

  async function storeSegment(state: Parameters<typeof aNewSegment>[0] = {}): Promise<SegmentState> {
    const segment = aNewSegment(state);
    await run(({ segments }) => segments.save(segment));
    return segment.snapshot;
  }

  const change = (id: FlagId, act: (flag: FeatureFlag) => void): Promise<FlagState> =>
    run(async ({ flags }) => {
      const flag = await flags.get(id);
      act(flag);
      await flags.save(flag);
      return flag.snapshot;
    });

  const stateOf = (id: FlagId): Promise<FlagState> =>
    run(async ({ flags }) => (await flags.get(id)).snapshot);

  describe('a flag', () => {
    it('is stamped as version 1, and given back as it was saved, to the order of keys', async () => {
      const { actor } = open();
      const round = async (value: Record<string, Json>, description: string | null): Promise<void> => {
        const definition = aDefinition({ type: 'object', defaultValue: value, rolloutValue: value });
        const stored = await store({ definition, profile: aProfile({ description }) });
        expect(stored).toMatchObject({ version: 1, stamp: { createdBy: actor, updatedBy: actor } });
        const state = await stateOf(stored.id);
        expect(JSON.stringify(state)).toBe(JSON.stringify(stored));
        expect(await run(({ flags }) => flags.contentAt(stored.id, 1))).toEqual({
          profile: stored.profile,
          definition: stored.definition,
        });
      };
      await fc.assert(fc.asyncProperty(objects, fc.option(texts), round), { numRuns: 30 });
    });

    it('has a version for each change, and each stays', async () => {
      const { id, stamp } = await store();
      const changed = await change(id, (flag) => flag.rollOutTo(25, NOW));
      expect(changed).toMatchObject({ version: 2, stamp: { createdAt: stamp?.createdAt } });
      const archived = await change(id, (flag) => flag.archive(NOW));
      expect(await stateOf(id)).toEqual({ ...archived, archivedAt: NOW.now });
      await change(id, (flag) => flag.delete(null));
      await expect(stateOf(id)).rejects.toThrow(FlagNotFound);
      const at = async (version: number): Promise<number> =>
        (await run(({ flags }) => flags.contentAt(id, version))).definition.rolloutPercentage;
      expect([await at(1), await at(2), await at(3)]).toEqual([100, 25, 25]);
      await expect(at(4)).rejects.toMatchObject(missing);
      await expect(at(5)).rejects.toMatchObject(missing);
    });

    it('is not saved where nothing happened', async () => {
      const { id } = await store();
      expect((await change(id, () => undefined)).version).toBe(1);
    });

    it('refuses a change that was decided on an older version, or on what is gone', async () => {
      const { id } = await store();
      const late = await run(({ flags }) => flags.get(id));
      await change(id, (flag) => flag.disable(NOW));
      late.rollOutTo(1, NOW);
      await expect(run(({ flags }) => flags.save(late))).rejects.toMatchObject({ currentVersion: 2 });
      await change(id, (flag) => flag.delete(null));
      await expect(run(({ flags }) => flags.save(late))).rejects.toThrow(StaleVersion);
    });

    it('has a name of its own in its tenant, also when it is renamed', async () => {
      const { name } = await store({ tenant: 'acme' });
      await expect(store({ tenant: 'acme', name })).rejects.toThrow(FlagNameTaken);
      const shared = await store({ name });
      const { id } = await store({ tenant: 'acme' });
      await expect(change(id, (flag) => flag.revise({ name }, NOW))).rejects.toThrow(FlagNameTaken);
      const find = (tenant: string | null): Promise<string | undefined> =>
        run(async ({ flags }) => (await flags.findByName(tenant, name))?.snapshot.id);
      expect([await find(null), await find('globex')]).toEqual([shared.id, undefined]);
      await change(shared.id, (flag) => flag.revise({ name: aFlagName() }, NOW));
      expect(await find(null)).toBeUndefined();
    });

    it('has an id that is used once', async () => {
      const { id } = await store();
      await expect(store({ id })).rejects.toThrow(IdConflict);
      const never = aFlagId();
      const isUsed = await run(async ({ flags }) => [await flags.isIdUsed(id), await flags.isIdUsed(never)]);
      expect(isUsed).toEqual([true, false]);
      await change(id, (flag) => flag.delete(null));
      expect(await run(({ flags }) => flags.isIdUsed(id))).toBe(true);
      await expect(stateOf(never)).rejects.toThrow(FlagNotFound);
    });

    it('is changed by one after the other, so that nothing is lost', async () => {
      const { id } = await store();
      const tenants = ['a', 'b', 'c', 'd'];
      await Promise.all(
        tenants.map((tenant) => change(id, (flag) => flag.overrideForTenant(tenant, true, null))),
      );
      const { version, definition } = await stateOf(id);
      expect([version, Object.keys(definition.tenantOverrides).sort()]).toEqual([5, tenants]);
    });
  });

  describe('a segment', () => {
    it('is stored, changed and kept in its history', async () => {
      const { id, name, tenant } = await storeSegment();
      await run(async ({ segments }) => {
        const segment = await segments.get(id);
        segment.revise({ description: 'More', definition: { include: ['user-2'] } }, null);
        await segments.save(segment);
      });
      const state = await run(async ({ segments }) => (await segments.findByName(tenant, name))?.snapshot);
      expect(state).toMatchObject({
        id,
        version: 2,
        description: 'More',
        definition: { include: ['user-2'] },
      });
      const first = await run(({ segments }) => segments.contentAt(id, 1));
      expect(first).toEqual({
        description: null,
        definition: { include: ['user-1'], exclude: [], conditions: [] },
      });
      await expect(run(({ segments }) => segments.contentAt(id, 3))).rejects.toMatchObject(missing);
    });

    it('has a name and an id of its own', async () => {
      const { id, name } = await storeSegment();
      await expect(storeSegment({ name })).rejects.toThrow(SegmentNameTaken);
      await expect(storeSegment({ id })).rejects.toThrow(IdConflict);
      const never = aSegmentId();
      await expect(run(({ segments }) => segments.get(never))).rejects.toThrow(SegmentNotFound);
      expect(await run(({ segments }) => segments.isIdUsed(id))).toBe(true);
      expect(await run(({ segments }) => segments.isIdUsed(never))).toBe(false);
    });
  });

  describe('the graph of references', () => {
    const to = (...references: readonly Reference[]): Partial<FlagState> => ({
      definition: aDefinition({
        targetingRules: references.map(({ kind, name }, index) => ({
          id: `rule-${index}`,
          priority: index,
          description: null,
          conditions: [kind === 'segment' ? { segment: name } : { flag: name, equals: true }],
          result: true,
          variant: null,
          rolloutPercentage: null,
        })),
      }),
    });
    const flagRef = ({ name }: { readonly name: string }): Reference => ({ kind: 'flag', name });
    const segmentRef = ({ name }: { readonly name: string }): Reference => ({ kind: 'segment', name });
    const usersOf = (tenant: string | null, reference: Reference): Promise<string[]> =>
      run(async ({ graph }) => {
        await graph.hold(tenant);
        return (await graph.usersOf(tenant, reference)).map((user) => `${user.tenant} ${user.name}`);
      });

    it('knows what there is for an owner', async () => {
      const [shared, own, foreign] = [
        await store(),
        await store({ tenant: 'acme' }),
        await store({ tenant: 'globex' }),
      ];
      const wanted = [shared, own, foreign].map(flagRef);
      const existing = (tenant: string | null, except: string): Promise<string[]> =>
        run(async ({ graph }) =>
          (await graph.existing(tenant, wanted, except)).map(({ name }) => name).sort(),
        );
      expect(await existing('acme', aFlagId())).toEqual([shared.name, own.name].sort());
      expect(await existing(null, aFlagId())).toEqual([shared.name]);
      expect(await existing(null, shared.id)).toEqual([]);
    });

    it('knows who refers to what, each within what it can mean', async () => {
      const [target, segment] = [await store(), await storeSegment()];
      const user = await store(to(flagRef(target), segmentRef(segment)));
      const outer = await storeSegment({ conditions: [{ not: { segment: segment.name } }] });
      const tenantUser = await store({ tenant: 'acme', ...to(flagRef(target)) });
      expect(await usersOf(null, flagRef(target))).toEqual(
        [`null ${user.name}`, `acme ${tenantUser.name}`].sort((a) => (a.startsWith('null') ? -1 : 1)),
      );
      expect((await usersOf(null, segmentRef(segment))).sort()).toEqual(
        [`null ${outer.name}`, `null ${user.name}`].sort(),
      );
      const edges = await run(({ graph }) => graph.edgesOf(null));
      expect(edges.get(`flag:${user.name}`)).toEqual([flagRef(target), segmentRef(segment)]);
      expect(edges.get(`segment:${outer.name}`)).toEqual([segmentRef(segment)]);
      expect(edges.has(`flag:${target.name}`)).toBe(false);
      expect(edges.has(`flag:${tenantUser.name}`)).toBe(false);
    });

    it('takes a tenant’s reference for one to its own, where it has one', async () => {
      const target = await store();
      const user = await store({ tenant: 'acme', ...to(flagRef(target)) });
      expect(await usersOf(null, flagRef(target))).toEqual([`acme ${user.name}`]);
      await store({ tenant: 'acme', name: target.name });
      expect(await usersOf(null, flagRef(target))).toEqual([]);
      expect(await usersOf('acme', flagRef(target))).toEqual([`acme ${user.name}`]);
    });

    it('follows renaming, changing and deleting', async () => {
      const target = await store();
      const { id } = await store(to(flagRef(target)));
      await change(id, (flag) => flag.removeRule('rule-0', null));
      expect(await usersOf(null, flagRef(target))).toEqual([]);
      await change(target.id, (flag) => flag.delete(null));
      expect(await run(({ graph }) => graph.existing(null, [flagRef(target)], aFlagId()))).toEqual([]);
    });
  });

  it('a unit of work that fails leaves nothing behind', async () => {
    const flag = aNewFlag();
    const failing = run(async ({ flags }) => {
      await flags.save(flag);
      throw new Error('After all not.');
    });
    await expect(failing).rejects.toThrow('After all not.');
    await expect(stateOf(flag.snapshot.id)).rejects.toThrow(FlagNotFound);
  });
}
