import { IdConflict, StaleVersion } from '#shared-kernel';
import type { Condition } from '#flag-evaluator';
import type { ExpectedVersion } from '#shared-kernel';
import {
  FlagCycle,
  FlagReferenceUnknown,
  SegmentInUse,
  SegmentNameTaken,
  SegmentNotFound,
} from '../domain/errors.js';
import type { SegmentId } from '../domain/identity.js';
import type { SegmentState } from '../domain/segment.js';
import { aDefinition, aNewFlag, aRule, aSegmentId, aSegmentName } from '../testing/a-flag.js';
import { ServicesInMemory } from '../testing/services-in-memory.js';
import type { NewSegment, SegmentAt } from './segment.service.js';

let parts: ServicesInMemory;

beforeEach(() => {
  parts = new ServicesInMemory();
});

const contentOf = (conditions: readonly Condition[] = []): NewSegment['content'] => ({
  description: null,
  definition: { include: ['user-1'], exclude: [], conditions },
});
const aRequest = (request: Partial<NewSegment> = {}): NewSegment => ({
  id: aSegmentId(),
  idIsGiven: false,
  tenant: null,
  name: aSegmentName(),
  content: contentOf(),
  reason: null,
  ...request,
});
const aStored = async (request: Partial<NewSegment> = {}): Promise<SegmentState> =>
  (await parts.segmentService.create(aRequest(request))).state;
const at = (id: SegmentId, ifVersion: ExpectedVersion = null): SegmentAt => ({ id, ifVersion });

it('a segment is created once, under a name and an id of its own', async () => {
  const request = aRequest({ idIsGiven: true });
  const { state, outcome } = await parts.segmentService.create(request);
  expect([outcome, state.version]).toEqual(['created', 1]);
  expect(await parts.segmentService.create(request)).toEqual({ state, outcome: 'unchanged' });
  const other = { ...request, content: contentOf([{ attribute: 'a', operator: 'exists' }]) };
  await expect(parts.segmentService.create(other)).rejects.toThrow(IdConflict);
  const taken = aStored({ name: request.name });
  await expect(taken).rejects.toThrow(SegmentNameTaken);
  await expect(taken).rejects.toMatchObject({ facts: { conflicting_id: state.id } });
  expect(await parts.segmentService.findOwn(null, request.name)).toEqual(state);
});

it('a segment is changed, goes back and is deleted', async () => {
  const { id } = await aStored();
  const revise = () => ({ description: 'More', definition: { include: ['user-2'] } });
  expect(await parts.segmentService.revise(at(id, 1), revise, null)).toMatchObject({
    version: 2,
    description: 'More',
  });
  await expect(parts.segmentService.revise(at(id, 1), revise, null)).rejects.toThrow(StaleVersion);
  expect(await parts.segmentService.rollBack(at(id), 1, null)).toMatchObject({
    version: 3,
    description: null,
  });
  await parts.segmentService.delete(at(id), null);
  await expect(parts.segmentService.delete(at(id), null)).rejects.toThrow(SegmentNotFound);
});

it('segments refer to what there is, and not in a circle', async () => {
  await expect(aStored({ content: contentOf([{ segment: 'nowhere' }]) })).rejects.toThrow(
    FlagReferenceUnknown,
  );
  const inner = await aStored();
  const outer = await aStored({ content: contentOf([{ not: { segment: inner.name } }]) });
  const closing = parts.segmentService.revise(
    at(inner.id),
    () => ({ definition: { conditions: [{ segment: outer.name }] } }),
    null,
  );
  await expect(closing).rejects.toThrow(FlagCycle);
});

it('a segment in use is neither deleted nor renamed, and who uses it is told', async () => {
  const { id, name } = await aStored();
  const rule = aRule({ conditions: [{ segment: name }] });
  const flag = aNewFlag({ tenant: 'acme', definition: aDefinition({ targetingRules: [rule] }) });
  await parts.flags.save(flag);
  await expect(parts.segmentService.delete(at(id), null)).rejects.toThrow(SegmentInUse);
  const renaming = parts.segmentService.revise(at(id), () => ({ name: aSegmentName() }), null);
  await expect(renaming).rejects.toMatchObject({
    facts: { used_by: [{ type: 'flag', name: flag.snapshot.name, tenant_id: 'acme' }] },
  });
  expect((await parts.segmentService.revise(at(id), () => ({ description: 'd' }), null)).version).toBe(2);
});
