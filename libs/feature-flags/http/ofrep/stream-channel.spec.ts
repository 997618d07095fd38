import type { ServerResponse } from 'node:http';
import type { FlagSet } from '#flag-evaluator';
import { aFlagInput, aFlagSet } from '../../testing/a-flag-input.js';
import type { Sight } from './flag-answers.js';
import { StreamChannel } from './stream-channel.js';

const NOW = Date.UTC(2026, 4, 1);
const EVENT = 'refetchEvaluation';

/** The other end of a connection: what came of it, and how much is still under way. */
class Wire {
  sent = '';
  writableLength = 0;
  isCut = false;
  isEnded = false;

  write(text: string): boolean {
    this.sent += text;
    return true;
  }

  end(text = ''): void {
    this.sent += text;
    this.isEnded = true;
  }

  destroy(): void {
    this.isCut = true;
  }

  get stream(): ServerResponse {
    return this as unknown as ServerResponse;
  }

  get calls(): { etag: string; lastModified: number }[] {
    return [...this.sent.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
  }
}

let now: number;
const channels: StreamChannel[] = [];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance'] });
  now = NOW;
});

afterEach(() => {
  for (const channel of channels) channel.close();
  jest.useRealTimers();
});

function channelOf(set: FlagSet, sight: Sight = 'all'): { channel: StreamChannel; wire: Wire } {
  const channel = new StreamChannel(sight, set, 's1', { nowMs: () => now });
  channels.push(channel);
  const wire = new Wire();
  channel.add(wire.stream, undefined);
  return { channel, wire };
}

function pass(milliseconds: number): void {
  for (let step = 0; step < milliseconds; step += 100) {
    now += 100;
    jest.advanceTimersByTime(100);
  }
}

/** Puts in one flag, as a change of it is told. */
function put(set: FlagSet, flag: ReturnType<typeof aFlagInput>) {
  const after = set.with({ flags: new Map([[flag.name, flag]]) });
  return { after, swap: { tenant: null, flags: [flag.name], segments: [] } };
}

it('gives who comes the present state to come back with, and no event', () => {
  const { wire } = channelOf(aFlagSet([]));
  expect(wire.sent).toBe('retry: 3000\nid: s1\n\n');
});

it('calls when a flag changed, with an ETag and the time in seconds', () => {
  const set = aFlagSet([aFlagInput('a')]);
  const { channel, wire } = channelOf(set);
  const { after, swap } = put(set, aFlagInput('a', { version: 2 }));
  channel.changed(after, 's2', swap);
  const data = { type: EVENT, etag: '"s2"', lastModified: NOW / 1_000 };
  expect(wire.sent).toContain(`id: s2\ndata: ${JSON.stringify(data)}\n\n`);
  expect(wire.calls).toHaveLength(1);
});

it('calls at once who comes back and heard of another state', () => {
  const { channel } = channelOf(aFlagSet([]));
  const [late, right] = [new Wire(), new Wire()];
  channel.add(late.stream, 's0');
  channel.add(right.stream, 's1');
  expect([late.calls.length, right.calls.length]).toEqual([1, 0]);
});

describe('for browsers', () => {
  const visible = (details = {}) => aFlagInput('shown', { isClientVisible: true, ...details });

  it.each([
    ['a flag that they see', aFlagInput('shown', { isClientVisible: true, version: 2 }), 1],
    ['a flag that they see no more', aFlagInput('shown', { version: 2 }), 1],
    ['a flag that they do not see', aFlagInput('hidden', { version: 2 }), 0],
    ['a new flag that they do not see', aFlagInput('new'), 0],
    ['a new flag that they see', aFlagInput('new', { isClientVisible: true }), 1],
  ])('the change of %s', (_, flag, calls) => {
    const set = aFlagSet([visible(), aFlagInput('hidden')]);
    const { channel, wire } = channelOf(set, 'client');
    const { after, swap } = put(set, flag);
    channel.changed(after, 's2', swap);
    expect(wire.calls).toHaveLength(calls);
  });

  it('calls when a hidden flag changed on which one that they see depends, however far', () => {
    const set = aFlagSet([
      visible({ prerequisites: [{ flag: 'between', equals: true }] }),
      aFlagInput('between', { prerequisites: [{ flag: 'hidden', equals: true }] }),
      aFlagInput('hidden'),
    ]);
    const { channel, wire } = channelOf(set, 'client');
    const { after, swap } = put(set, aFlagInput('hidden', { enabled: false, version: 2 }));
    channel.changed(after, 's2', swap);
    expect(wire.calls).toHaveLength(1);
  });

  it('calls for a segment only when something that they see uses one', () => {
    const conditions = [{ segment: 'beta' }];
    const rule = { id: 'r', priority: 0, description: null, variant: null, rolloutPercentage: null };
    const rules = { targetingRules: [{ ...rule, conditions, result: true }] };
    const swap = { tenant: null, flags: [], segments: ['beta'] };
    const calls = [aFlagSet([visible(rules)]), aFlagSet([visible(), aFlagInput('hidden', rules)])].map(
      (set) => {
        const { channel, wire } = channelOf(set, 'client');
        channel.changed(set.with({}), 's2', swap);
        return wire.calls.length;
      },
    );
    expect(calls).toEqual([1, 0]);
  });
});

describe('as time goes by', () => {
  const later = (milliseconds: number) => NOW + milliseconds;

  it('calls when a flag expires, once', () => {
    const { wire } = channelOf(aFlagSet([aFlagInput('a', { expiresAt: later(60_000) })]));
    pass(59_900);
    expect(wire.calls).toHaveLength(0);
    pass(60_000);
    expect(wire.calls).toEqual([{ type: EVENT, etag: '"s1"', lastModified: later(60_000) / 1_000 }]);
  });

  it('calls browsers for what they see alone', () => {
    const schedule = [{ at: later(60_000), set: { enabled: false } }];
    const [shown, hidden] = [true, false].map((isClientVisible) =>
      channelOf(aFlagSet([aFlagInput('a', { schedule, isClientVisible })]), 'client'),
    );
    pass(120_000);
    expect([shown?.wire.calls.length, hidden?.wire.calls.length]).toEqual([1, 0]);
  });

  it('calls during a ramp every few seconds, and for the last time after its end', () => {
    const ramp = { from: 0, to: 100, startsAt: later(0), endsAt: later(60_000) };
    const { wire } = channelOf(aFlagSet([aFlagInput('a', { ramp })]));
    pass(120_000);
    const { length } = wire.calls;
    expect(length).toBeGreaterThan(8);
    expect(length).toBeLessThan(15);
    expect((wire.calls.at(-1)?.lastModified ?? 0) * 1_000).toBeGreaterThanOrEqual(later(60_000));
  });

  it('waits longer than a timer can', () => {
    const month = 30 * 86_400_000;
    const { wire } = channelOf(aFlagSet([aFlagInput('a', { expiresAt: later(month) })]));
    for (let day = 1; day < 30; day += 1) {
      now += 86_400_000;
      jest.advanceTimersByTime(86_400_000);
    }
    now = later(month - 1_000);
    jest.advanceTimersByTime(86_399_000);
    expect(wire.calls).toHaveLength(0);
    pass(2_000);
    expect(wire.calls).toHaveLength(1);
  });
});

it('keeps connections open with comments', () => {
  const { channel, wire } = channelOf(aFlagSet([]));
  wire.sent = '';
  channel.beat();
  expect(wire.sent).toBe(':\n\n');
});

it('cuts off who does not read', () => {
  const { channel, wire } = channelOf(aFlagSet([]));
  wire.writableLength = 100_000;
  channel.beat();
  expect(wire.isCut).toBe(true);
});

it('ends with a time to come back, each stream with its own', () => {
  const { channel } = channelOf(aFlagSet([]));
  const wires = Array.from({ length: 20 }, () => new Wire());
  for (const wire of wires) channel.add(wire.stream, 's1');
  channel.end();
  const times = wires.map(({ sent }) => Number(/retry: (\d+)\n\n$/.exec(sent)?.[1]));
  expect(wires.every(({ isEnded }) => isEnded)).toBe(true);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(1_500);
  expect(Math.max(...times)).toBeLessThanOrEqual(4_500);
  expect(new Set(times).size).toBeGreaterThan(10);
});
