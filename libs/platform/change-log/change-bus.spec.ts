import { Logger } from '@nestjs/common';
import { ChangeBus } from './change-bus.js';
import type { CommittedChange } from './change.js';

const aChange = (aggregateType: string, sub: number): CommittedChange =>
  ({ tenant: 'acme', revision: 7, sub, aggregateType }) as CommittedChange;

const CHANGES = ['a', 'b', 'a', 'c'].map(aChange);

it('tells what is of the types that were asked for, in order, and nothing else', () => {
  const bus = new ChangeBus();
  const heard: unknown[] = [];
  bus.listen(['a', 'c'], (changes, origin) =>
    heard.push(
      changes.map(({ sub }) => sub),
      origin,
    ),
  );
  bus.listen(['d'], () => heard.push('never'));
  bus.publish(CHANGES, 'here');
  bus.publish([aChange('b', 0)], 'here');
  bus.publish([], 'here');
  expect(heard).toEqual([[0, 2, 3], 'here']);
});

it('makes nothing out that nobody wants', () => {
  const bus = new ChangeBus();
  const read = jest.fn(() => CHANGES);
  bus.listen(['d'], () => undefined);
  bus.listenToStreams(() => undefined);
  const move = { tenant: 'acme', revision: 7, aggregateTypes: new Set(['a', 'b', 'c']) };
  bus.move(move, read, 'here');
  expect(read).not.toHaveBeenCalled();
  bus.listen(['b'], () => undefined);
  bus.move(move, read, 'here');
  expect(read).toHaveBeenCalledTimes(1);
});

it('tells how far a stream has come, whatever it was, in the order in which listeners came', () => {
  const bus = new ChangeBus();
  const heard: unknown[] = [];
  bus.listen(['a'], () => heard.push('a'));
  bus.listenToStreams((move, origin) => heard.push(move, origin));
  bus.listen(['c'], () => heard.push('c'));
  bus.publish(CHANGES, 'elsewhere');
  const move = { tenant: 'acme', revision: 7, aggregateTypes: new Set(['a', 'b', 'c']) };
  expect(heard).toEqual(['a', move, 'elsewhere', 'c']);
});

it('tells the others when one fails, and nobody who has stopped', () => {
  const said = jest.spyOn(Logger.prototype, 'error').mockReturnValue();
  const bus = new ChangeBus();
  const heard: string[] = [];
  bus.listen(['a'], () => {
    throw new Error('no');
  });
  const stop = bus.listen(['a'], () => heard.push('stopped'));
  bus.listen(['a'], () => heard.push('on'));
  stop();
  bus.publish(CHANGES, 'here');
  expect([heard, said.mock.calls.length]).toEqual([['on'], 1]);
  said.mockRestore();
});
