module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/dist/test/**/*.test.js'],
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
  transform: {},
  coverageProvider: 'v8',
  // The database server waits as much as the tests do, so that one for each core is not too many.
  maxWorkers: '100%',
  testTimeout: 60_000,
};
