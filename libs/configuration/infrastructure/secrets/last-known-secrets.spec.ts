import { Clock } from '#shared-kernel';
import { LastKnownSecrets } from './last-known-secrets.js';

const DAY_MS = 86_400_000;

class SetClock extends Clock {
  ms = 0;

  override now(): Date {
    return new Date(this.ms);
  }
}

describe('the last known secrets', () => {
  const secret = { value: 'one', version: '3' };

  it('are those of their name, as they were kept last', () => {
    const known = new LastKnownSecrets(new SetClock());
    known.keep('a', { value: 'old', version: null });
    known.keep('a', secret);
    known.keep('empty', { value: '', version: null });
    expect(known.recall('a')).toEqual(secret);
    expect(known.recall('empty')).toEqual({ value: '', version: null });
    expect(known.recall('b')).toBeNull();
  });

  it('are forgotten after a day', () => {
    const clock = new SetClock();
    const known = new LastKnownSecrets(clock);
    known.keep('a', secret);
    clock.ms = DAY_MS;
    expect(known.recall('a')).toEqual(secret);
    clock.ms = DAY_MS + 1;
    expect(known.recall('a')).toBeNull();
    clock.ms = 0;
    expect(known.recall('a')).toBeNull(); // Gone, and not only hidden.
  });

  it('are no more than a thousand, and no more than 16 MiB', () => {
    const known = new LastKnownSecrets(new SetClock());
    const kept = (): number =>
      Array.from({ length: 1_001 }, (_, index) => known.recall(`${index}`)).filter(Boolean).length;
    for (let index = 0; index <= 1_000; index += 1) known.keep(`${index}`, secret);
    expect([kept(), known.recall('0')]).toEqual([1_000, null]);
    const large = { value: 'x'.repeat(1_048_576), version: null };
    for (let index = 0; index < 20; index += 1) known.keep(`${index}`, large);
    expect(kept()).toBeLessThan(16);
    expect(known.recall('19')).toEqual(large);
  });
});
