import fc from 'fast-check';
import { DomainError, InvalidInput } from './domain-error.js';
import type { Violation } from './domain-error.js';

const violations: fc.Arbitrary<Violation[]> = fc.array(
  fc.record({ pointer: fc.string(), code: fc.string(), detail: fc.string() }),
);

describe('InvalidInput', () => {
  it('is a refusal of what the caller can correct', () => {
    const refusal = InvalidInput.at('/key', 'required', 'It is required.');
    expect(refusal).toBeInstanceOf(DomainError);
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal).toMatchObject({ kind: 'invalid', code: 'invalid_input' });
  });

  it('has one violation when it is thrown at one place', () => {
    expect(InvalidInput.at('/key', 'required', 'It is required.').violations).toEqual([
      { pointer: '/key', code: 'required', detail: 'It is required.' },
    ]);
  });

  it('hands all violations over as facts, in their order', () => {
    fc.assert(
      fc.property(violations, (all) => {
        const refusal = new InvalidInput(all);
        expect(refusal.violations).toEqual(all);
        expect(refusal.facts).toEqual({ errors: all });
      }),
    );
  });

  it('names each place in its message, but not the whole', () => {
    const refusal = new InvalidInput([
      { pointer: '', code: 'type', detail: 'The body is a JSON object.' },
      { pointer: '/tags/3', code: 'length', detail: 'A tag has 1 to 100 characters.' },
    ]);
    expect(refusal.message).toBe('The body is a JSON object. /tags/3: A tag has 1 to 100 characters.');
  });
});

describe('a refusal', () => {
  class Refused extends DomainError {
    readonly kind = 'conflict';
    readonly code = 'refused';
  }

  it('has no facts unless it says so', () => {
    expect(new Refused('No.')).toMatchObject({ message: 'No.', facts: {} });
  });
});
