import { StaleVersion } from './aggregate-root.js';
import { InvalidInput } from './domain-error.js';
import { together } from './together.js';

const refuse = (pointer: string) => (): never => {
  throw InvalidInput.at(pointer, 'pattern', 'It is wrong.');
};

describe('together', () => {
  it('gives what was made, by its name', () => {
    expect(together({ a: () => 1, b: () => undefined })).toEqual({ a: 1, b: undefined });
  });

  it('tells the mistakes of all', () => {
    const work = (): unknown => together({ a: refuse('/a'), b: () => 1, c: refuse('/c') });
    expect(work).toThrow(InvalidInput);
    expect(work).toThrow('/a: It is wrong. /c: It is wrong.');
  });

  it('ends with any other refusal', () => {
    const stale = (): never => {
      throw new StaleVersion(1);
    };
    expect(() => together({ a: refuse('/a'), b: stale })).toThrow(StaleVersion);
  });
});
