import fc from 'fast-check';
import { InvalidInput } from '#shared-kernel';
import { aDefinition, aName, anEntry, anId } from '../testing/an-entry.js';
import { namespace } from './identity.js';
import { isExpired, MetadataEntry, sameDefinition } from './metadata-entry.js';
import type { EntryDefinition } from './metadata-entry.js';

const NOON = new Date('2026-05-01T12:00:00.000Z');

/** One change of a definition for each of its properties. */
const OTHER: Readonly<{ [Property in keyof EntryDefinition]: EntryDefinition[Property] }> = {
  content: { type: 'json', text: '11' },
  tags: ['database', 'performance'],
  description: null,
  isEncrypted: true,
  isSecret: true,
  expiresAt: NOON,
};
const PROPERTIES = Object.keys(OTHER) as (keyof EntryDefinition)[];

const violationsOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as InvalidInput).violations.map(({ pointer, code }) => ({ pointer, code }));
  }
};

describe('a new entry', () => {
  it('is what was asked for, and not yet stored', () => {
    const identity = { id: anId(), tenant: 'acme' };
    const name = aName();
    const definition = aDefinition();
    const entry = MetadataEntry.create(identity, name, definition, 'because');
    expect(entry.snapshot).toEqual({ ...identity, ...name, version: 0, stamp: null, definition });
    expect(entry.change).toEqual({
      type: 'created',
      reason: 'because',
      rolledBackFrom: null,
      removes: false,
    });
  });

  it('needs no reason', () => {
    const entry = MetadataEntry.create({ id: anId(), tenant: null }, aName(), aDefinition());
    expect(entry.change?.reason).toBeNull();
  });

  it('has a description of 1,000 characters at most', () => {
    const create = (description: string): MetadataEntry =>
      MetadataEntry.create({ id: anId(), tenant: null }, aName(), aDefinition({ description }));
    expect(create('x'.repeat(1_000)).snapshot.definition.description).toHaveLength(1_000);
    expect(violationsOf(() => create('x'.repeat(1_001)))).toEqual([
      { pointer: '/description', code: 'too_long' },
    ]);
  });

  it('is encrypted when it is a secret', () => {
    const definition = aDefinition({ isSecret: true, isEncrypted: false });
    const entry = MetadataEntry.create({ id: anId(), tenant: null }, aName(), definition);
    expect(entry.snapshot.definition).toEqual({ ...definition, isEncrypted: true });
  });
});

describe('revising', () => {
  it.each(PROPERTIES)('changes %s and leaves the rest', (property) => {
    const entry = anEntry();
    const before = entry.snapshot;
    entry.revise({ [property]: OTHER[property] }, 'because');
    const implied = property === 'isSecret' ? { isEncrypted: true } : {};
    expect(entry.snapshot).toEqual({
      ...before,
      definition: { ...before.definition, [property]: OTHER[property], ...implied },
    });
    expect(entry.change).toEqual({
      type: 'updated',
      reason: 'because',
      rolledBackFrom: null,
      removes: false,
    });
  });

  it('can rename and move, and keeps id and definition', () => {
    const entry = anEntry();
    const before = entry.snapshot;
    const { key } = aName();
    entry.revise({ key });
    expect(entry.snapshot).toEqual({ ...before, key });
    entry.revise({ namespace: namespace('staging') });
    expect(entry.snapshot).toEqual({ ...before, key, namespace: 'staging' });
    expect(entry.change?.type).toBe('updated');
  });

  it.each(PROPERTIES)('is no change when %s is what it was', (property) => {
    const definition = aDefinition({ ...OTHER });
    const entry = anEntry({ definition });
    entry.revise({ [property]: structuredClone(OTHER[property]) });
    expect(entry.change).toBeNull();
    expect(entry.snapshot.definition).toBe(definition);
  });

  it('is no change when nothing is named, or the name is what it was', () => {
    const entry = anEntry();
    const { key, namespace: space } = entry.snapshot;
    entry.revise({});
    entry.revise({ key, namespace: space });
    expect(entry.change).toBeNull();
  });

  it('leaves the entry as it was when it is refused', () => {
    const entry = anEntry();
    const before = entry.snapshot;
    expect(() => entry.revise({ tags: [], description: 'x'.repeat(1_001) })).toThrow(InvalidInput);
    expect(entry.snapshot).toBe(before);
    expect(entry.change).toBeNull();
  });

  it('never changes a state that was handed out', () => {
    const entry = anEntry();
    const before = structuredClone(entry.snapshot);
    const handedOut = entry.snapshot;
    entry.revise({ tags: ['other'], description: null });
    expect(handedOut).toEqual(before);
  });
});

describe('a secret', () => {
  const aSecret = (): MetadataEntry =>
    anEntry({ definition: aDefinition({ isSecret: true, isEncrypted: true }) });

  it('cannot be declared none, because whoever may only write would read it then', () => {
    const entry = aSecret();
    expect(violationsOf(() => entry.revise({ isSecret: false }))).toEqual([
      { pointer: '/is_secret', code: 'secret' },
    ]);
    expect(entry.snapshot.definition.isSecret).toBe(true);
  });

  it('cannot be read by giving its text another content type either', () => {
    const { text } = aDefinition().content;
    expect(
      violationsOf(() => aSecret().revise({ isSecret: false, content: { type: 'text', text } })),
    ).toEqual([{ pointer: '/is_secret', code: 'secret' }]);
  });

  it('is none any more together with a new value', () => {
    const entry = aSecret();
    entry.revise({ isSecret: false, isEncrypted: false, content: { type: 'json', text: '"new"' } });
    expect(entry.snapshot.definition).toMatchObject({ isSecret: false, isEncrypted: false });
  });

  it('stays encrypted, whatever is said', () => {
    const entry = aSecret();
    entry.revise({ isEncrypted: false });
    expect(entry.snapshot.definition.isEncrypted).toBe(true);
    expect(entry.change).toBeNull();
  });
});

describe('rolling back', () => {
  it('brings an old definition back as the newest, and says from where', () => {
    const entry = anEntry({ version: 7 });
    const before = entry.snapshot;
    const past = aDefinition({ ...OTHER });
    entry.revertTo(past, 3, 'it was better');
    expect(entry.snapshot).toEqual({ ...before, definition: past });
    expect(entry.change).toEqual({
      type: 'rolled_back',
      reason: 'it was better',
      rolledBackFrom: 3,
      removes: false,
    });
  });

  it('is a change also when everything is as it was', () => {
    const entry = anEntry();
    entry.revertTo(aDefinition(), 1);
    expect(entry.change).toMatchObject({ type: 'rolled_back', reason: null, rolledBackFrom: 1 });
  });
});

describe('deleting', () => {
  it('takes the entry away and leaves what it was', () => {
    const entry = anEntry();
    const before = entry.snapshot;
    entry.delete('not needed');
    expect(entry.snapshot).toBe(before);
    expect(entry.change).toEqual({
      type: 'deleted',
      reason: 'not needed',
      rolledBackFrom: null,
      removes: true,
    });
  });
});

describe('expiry', () => {
  it('begins at its instant, not before', () => {
    expect(isExpired({ expiresAt: NOON }, new Date(NOON.getTime() - 1))).toBe(false);
    expect(isExpired({ expiresAt: NOON }, NOON)).toBe(true);
    expect(isExpired({ expiresAt: NOON }, new Date(NOON.getTime() + 1))).toBe(true);
  });

  it('never begins without an instant', () => {
    expect(isExpired({ expiresAt: null }, new Date(8_640_000_000_000_000))).toBe(false);
  });

  it('never ends once it began', () => {
    const instants = fc.date({ noInvalidDate: true });
    fc.assert(
      fc.property(instants, instants, instants, (expiresAt, a, b) => {
        const [earlier, later] = a <= b ? [a, b] : [b, a];
        if (isExpired({ expiresAt }, earlier)) expect(isExpired({ expiresAt }, later)).toBe(true);
      }),
    );
  });

  it('takes an entry away whose time is over', () => {
    const entry = anEntry({ definition: aDefinition({ expiresAt: NOON }) });
    expect(entry.expire(NOON)).toBe(true);
    expect(entry.change).toEqual({ type: 'expired', reason: null, rolledBackFrom: null, removes: true });
  });

  it('leaves one alone whose time is not over', () => {
    const entry = anEntry({ definition: aDefinition({ expiresAt: NOON }) });
    expect(entry.expire(new Date(NOON.getTime() - 1))).toBe(false);
    expect(entry.change).toBeNull();
  });
});

describe('sameDefinition', () => {
  it('is true of a copy', () => {
    expect(sameDefinition(aDefinition(), aDefinition())).toBe(true);
    expect(sameDefinition(aDefinition({ ...OTHER }), structuredClone(aDefinition({ ...OTHER })))).toBe(true);
  });

  it.each(PROPERTIES)('is false when %s differs, from either side', (property) => {
    const other = aDefinition({ [property]: OTHER[property] });
    expect(sameDefinition(aDefinition(), other)).toBe(false);
    expect(sameDefinition(other, aDefinition())).toBe(false);
  });
});
