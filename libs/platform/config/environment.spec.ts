import { environmentVariable, isOwnVariable } from './environment.js';

describe('a variable', () => {
  afterEach(() => {
    delete process.env['METASTORE_TEST_VARIABLE'];
  });

  it('is read as it is now, and null where it is not set', () => {
    expect(environmentVariable('METASTORE_TEST_VARIABLE')).toBeNull();
    process.env['METASTORE_TEST_VARIABLE'] = '';
    expect(environmentVariable('METASTORE_TEST_VARIABLE')).toBe('');
  });

  it.each([
    'DATABASE_URL',
    'database_url',
    'ENCRYPTION_KEYS',
    'METASTORE_BOOTSTRAP_KEY',
    'REDIS_URL',
    'SECRET_FILE_ROOTS',
    'AWS_SECRET_ACCESS_KEY',
    'PGPASSWORD',
    'NODE_OPTIONS',
  ])('called %s is the service’s own', (name) => {
    expect(isOwnVariable(name)).toBe(true);
  });

  it.each(['PAYMENT_API_KEY', 'DATABASE_URL_OF_SHOP', 'PAGE', 'MY_AWS_KEY'])('called %s is not', (name) => {
    expect(isOwnVariable(name)).toBe(false);
  });
});
