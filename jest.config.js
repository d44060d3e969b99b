const { availableParallelism } = require('node:os');

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/dist/test/**/*.test.js'],
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
  transform: {},
  coverageProvider: 'v8',
  // Tests wait for the database server, for programs that they start and for time to pass: one for each core leaves cores idle.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  testTimeout: 60_000,
};
