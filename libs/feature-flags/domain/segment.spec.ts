import { aNewSegment, aSegmentName } from '../testing/a-flag.js';
import { InvalidDefinition } from './errors.js';
import { Segment } from './segment.js';

/** As if it had just been loaded. */
const aSegment = (): Segment => Segment.restore({ ...aNewSegment().snapshot, version: 1 });

it('a new segment is what was asked for', () => {
  const conditions = [{ attribute: 'plan', operator: 'eq', value: 'pro' } as const];
  const { snapshot, change } = aNewSegment({ conditions });
  expect(snapshot).toMatchObject({
    version: 0,
    definition: { include: ['user-1'], exclude: [], conditions },
  });
  expect(change?.type).toBe('created');
});

it('revising changes what is named and leaves the rest', () => {
  const segment = aSegment();
  const name = aSegmentName();
  segment.revise({ name, description: 'More', definition: { exclude: ['user-2'] } }, 'because');
  expect(segment.snapshot).toMatchObject({
    name,
    description: 'More',
    definition: { include: ['user-1'], exclude: ['user-2'], conditions: [] },
  });
  expect(segment.change).toMatchObject({ type: 'updated', reason: 'because' });
  segment.revise({ description: null }, null);
  expect(segment.snapshot.description).toBeNull();
});

it('what changes nothing is no change', () => {
  const segment = aSegment();
  segment.revise({ description: null, definition: { include: ['user-1'] } }, null);
  expect(segment.change).toBeNull();
});

it('conditions that cannot be evaluated are refused', () => {
  const broken = [{ attribute: 'a', operator: 'gt', value: 'x' } as const];
  expect(() => aNewSegment({ conditions: broken })).toThrow(InvalidDefinition);
  expect(() => aSegment().revise({ definition: { conditions: broken } }, null)).toThrow(InvalidDefinition);
  expect(() => aSegment().revise({ description: 'x'.repeat(1_001) }, null)).toThrow('at most 1000');
});

it('going back brings back the content, and keeps the name', () => {
  const segment = aSegment();
  const { name } = segment.snapshot;
  const past = { description: 'Then', definition: { include: [], exclude: ['a'], conditions: [] } };
  segment.revertTo(past, 1, null);
  expect(segment.snapshot).toMatchObject({ name, ...past });
  expect(segment.change).toMatchObject({ type: 'rolled_back', rolledBackFrom: 1 });
  segment.delete('because');
  expect(segment.change).toMatchObject({ type: 'deleted', reason: 'because', removes: true });
});
