import { DatabaseBusy, DatabaseUnavailable, explainDatabaseError, isRetryable } from './postgres-errors.js';

const failure = (code: string): Error => Object.assign(new Error('It failed.'), { code });

describe('a failure of the database', () => {
  it.each([
    ['a deadlock', '40P01', true],
    ['a serialization failure', '40001', true],
    ['a lock that was not given in time', '55P03', true],
    ['a statement that took too long', '57014', false],
    ['a transaction that rested too long', '25P03', false],
  ])('is "busy": %s', (_, code, retryable) => {
    const error = failure(code);
    expect(isRetryable(error)).toBe(retryable);
    const explained = explainDatabaseError(error) as DatabaseBusy;
    expect(explained).toBeInstanceOf(DatabaseBusy);
    expect([explained.kind, explained.code, explained.cause]).toEqual([
      'unavailable',
      'database_busy',
      error,
    ]);
  });

  it('is seen through what TypeORM wraps around it', () => {
    const error = Object.assign(new Error('Query failed.'), { driverError: failure('57014') });
    expect(explainDatabaseError(error)).toBeInstanceOf(DatabaseBusy);
  });

  it.each(['08006', '57P01', '53300', 'ECONNREFUSED'])('is "away": %s', (code) => {
    expect(explainDatabaseError(failure(code))).toBeInstanceOf(DatabaseUnavailable);
  });

  it.each(['23505', '42601'])('stays what it is: %s', (code) => {
    const error = failure(code);
    expect(explainDatabaseError(error)).toBe(error);
    expect(isRetryable(error)).toBe(false);
  });
});
