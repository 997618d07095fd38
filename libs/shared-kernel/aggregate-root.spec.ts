import fc from 'fast-check';
import { AggregateRoot, StaleVersion } from './aggregate-root.js';
import type { RecordedChange, Stamp, VersionedState } from './aggregate-root.js';

interface LampState extends VersionedState {
  readonly isLit: boolean;
}

/** The smallest thing that has a rule and a history. */
class Lamp extends AggregateRoot<LampState> {
  static make(): Lamp {
    const lamp = new Lamp({ id: 'lamp', tenant: null, version: 0, stamp: null, isLit: false });
    lamp.record('created');
    return lamp;
  }

  static restore(state: Partial<LampState> = {}): Lamp {
    return new Lamp({ id: 'lamp', tenant: null, version: 1, stamp: STAMP, isLit: false, ...state });
  }

  light(reason: string | null = null): void {
    if (this.state.isLit) return;
    this.state = { ...this.state, isLit: true };
    this.record('lit', { reason });
  }

  putOutAsIn(version: number): void {
    this.state = { ...this.state, isLit: false };
    this.record('rolled_back', { rolledBackFrom: version });
  }

  smash(): void {
    this.record('smashed', { removes: true });
  }
}

const STAMP: Stamp = {
  createdAt: new Date('2026-01-01T00:00:00.000Z'),
  createdBy: 'ada',
  updatedAt: new Date('2026-01-02T00:00:00.000Z'),
  updatedBy: 'bob',
};
const NOTHING_ELSE: Omit<RecordedChange, 'type'> = { reason: null, rolledBackFrom: null, removes: false };

describe('the change of an aggregate', () => {
  it('is none when it was just loaded, or when nothing happened', () => {
    const lamp = Lamp.restore({ isLit: true });
    expect(lamp.change).toBeNull();
    lamp.light();
    expect(lamp.change).toBeNull();
  });

  it('says what happened and why', () => {
    const lamp = Lamp.restore();
    lamp.light('it is dark');
    expect(lamp.change).toEqual({ ...NOTHING_ELSE, type: 'lit', reason: 'it is dark' });
  });

  it('says what was brought back, and that something is gone', () => {
    const lamp = Lamp.restore({ version: 5, isLit: true });
    lamp.putOutAsIn(3);
    expect(lamp.change).toEqual({ ...NOTHING_ELSE, type: 'rolled_back', rolledBackFrom: 3 });
    lamp.smash();
    expect(lamp.change).toEqual({ ...NOTHING_ELSE, type: 'smashed', removes: true });
  });

  it('is one a save: what happened last', () => {
    const lamp = Lamp.make();
    expect(lamp.change).toEqual({ ...NOTHING_ELSE, type: 'created' });
    lamp.light('at once');
    expect(lamp.change).toEqual({ ...NOTHING_ELSE, type: 'lit', reason: 'at once' });
  });

  it('is none again once it is stored', () => {
    const lamp = Lamp.make();
    lamp.stored(1, STAMP);
    expect(lamp.change).toBeNull();
  });
});

describe('the state of an aggregate', () => {
  it('has version 0 and no stamp until it is stored', () => {
    expect(Lamp.make().snapshot).toMatchObject({ version: 0, stamp: null });
  });

  it('takes version and stamp from the store, and nothing else', () => {
    const lamp = Lamp.make();
    lamp.light();
    lamp.stored(1, STAMP);
    expect(lamp.snapshot).toEqual({ id: 'lamp', tenant: null, version: 1, stamp: STAMP, isLit: true });
  });

  it('is replaced whole, so that what was handed out stays as it was', () => {
    const lamp = Lamp.restore();
    const before = lamp.snapshot;
    lamp.light();
    lamp.stored(2, STAMP);
    expect(before).toMatchObject({ isLit: false, version: 1 });
    expect(lamp.snapshot).toMatchObject({ isLit: true, version: 2 });
  });
});

describe('expecting a version', () => {
  const versions = fc.integer({ min: 0, max: 3 });

  it('goes on with the present one and with any, and with no other', () => {
    fc.assert(
      fc.property(versions, fc.option(versions), (present, expected) => {
        const expecting = (): void => Lamp.restore({ version: present }).expectVersion(expected);
        if (expected === null || expected === present) expect(expecting).not.toThrow();
        else expect(expecting).toThrow(StaleVersion);
      }),
    );
  });

  it('says which one is present', () => {
    const lamp = Lamp.restore({ version: 7 });
    expect(() => lamp.expectVersion(6)).toThrow(
      expect.objectContaining({
        kind: 'stale',
        code: 'stale_version',
        message: 'It is at version 7 now.',
        currentVersion: 7,
        facts: { current_version: 7 },
      }),
    );
  });
});
