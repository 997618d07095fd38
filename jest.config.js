/** What both projects share. */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json', 'node'],
  transform: { '\\.(ts|mjs|js)$': '<rootDir>/test/jest/transformer.cjs' },
  transformIgnorePatterns: [],
  resolver: '<rootDir>/test/jest/resolver.cjs',
  runner: '<rootDir>/test/jest/grouping-runner.cjs',
  moduleNameMapper: { '/schema-worker-file\\.js$': '<rootDir>/test/jest/schema-worker-file.cjs' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** One database server for the whole run, see test/global-setup.ts. */
const withDatabase = {
  ...common,
  globalSetup: '<rootDir>/test/jest/global-setup.cjs',
  globalTeardown: '<rootDir>/test/jest/global-teardown.cjs',
};

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB', // What Jest keeps of each file that it ran adds up; a large heap slows the files after it.
  testTimeout: 300_000, // For what hangs, not for what is slow: no test depends on the speed of a machine.
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/libs/**/*.spec.ts',
        '<rootDir>/apps/**/*.spec.ts',
        '<rootDir>/test/**/*.spec.ts',
      ],
    },
    {
      ...withDatabase,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/trials/'],
    },
    {
      ...withDatabase,
      displayName: 'trials', // Several processes, of which some are killed: minutes, and two of them at a time.
      testMatch: ['<rootDir>/test/trials/**/*.e2e.ts'],
    },
    {
      ...withDatabase,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/**/*.browser.ts'],
    },
    {
      ...withDatabase,
      displayName: 'stack', // Needs the npm registry.
      testMatch: ['<rootDir>/test/**/*.stack.ts'],
    },
  ],
};
