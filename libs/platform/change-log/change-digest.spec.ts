import fc from 'fast-check';
import { changeDigest } from './change-digest.js';
import type { ChangeContent } from './change-digest.js';

/** Short, and with what a netstring is made of, so that two often look alike. */
const text = fc.string({ unit: fc.constantFrom('1', ':', ',', '-', 'ä', '😀'), maxLength: 4 });
const maybe = fc.option(text, { nil: null });
const number = fc.integer({ min: 0, max: 2 });
const content: fc.Arbitrary<ChangeContent> = fc.record({
  ...{ tenant: text, aggregateType: text, aggregateId: text, aggregateVersion: number, type: text },
  ...{ subject: text, previousSubject: maybe, actor: text, reason: maybe, requestId: maybe, traceId: maybe },
  ...{ rolledBackFrom: fc.option(number, { nil: null }), causationId: maybe, snapshot: maybe },
});

const digest = (of: ChangeContent): string => changeDigest(of).toString('hex');

const ROW: ChangeContent = {
  ...{ tenant: 'acme', aggregateType: 'metadata.entry', aggregateVersion: 1, type: 'created' },
  ...{ aggregateId: '01937b2e-7c41-7bd4-a1a5-0f6a8d7c9e10', subject: 'default/k', previousSubject: null },
  ...{ actor: 'key:a', reason: null, rolledBackFrom: null, requestId: null, traceId: null },
  ...{ causationId: null, snapshot: '{"a":"ä"}' },
};

it('is the same as ever, so that what was written once verifies for good', () => {
  expect(digest(ROW)).toBe('e1cfc340c13b642f0d28f1b8de2fdfd99f27ad37211cb0847399b299fc4c503c');
});

it('does not care for the case of a UUID, as the database does not', () => {
  expect(digest({ ...ROW, aggregateId: ROW.aggregateId.toUpperCase() })).toBe(digest(ROW));
});

it('is another for every other content', () => {
  fc.assert(
    fc.property(content, content, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other);
      expect(digest(one) === digest(other)).toBe(isSame);
    }),
  );
});

it('is another when two fields change places', () => {
  const fields = fc.constantFrom<TextField>(
    'subject',
    'previousSubject',
    'actor',
    'reason',
    'requestId',
    'traceId',
  );
  fc.assert(
    fc.property(content, fields, fields, (each, one, other) => {
      fc.pre(each[one] !== each[other]);
      expect(digest({ ...each, [one]: each[other], [other]: each[one] })).not.toBe(digest(each));
    }),
  );
});

type TextField = 'subject' | 'previousSubject' | 'actor' | 'reason' | 'requestId' | 'traceId';
