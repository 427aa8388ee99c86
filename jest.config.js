/** Two projects: `unit` needs nothing but Node, `kernel` a real kernel with ip_vs (test/lab finds or boots one). */
const common = {
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
    // Of the packages, chalk alone has no CommonJS.
    'node_modules/chalk/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!chalk/)'],
  testEnvironment: 'node',
};

module.exports = {
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/kernel/'],
    },
    {
      ...common,
      displayName: 'kernel',
      testMatch: ['<rootDir>/test/kernel/**/*.test.ts', '<rootDir>/test/**/*.kernel-test.ts'],
      globalSetup: '<rootDir>/test/lab/global-setup.ts',
      globalTeardown: '<rootDir>/test/lab/global-teardown.ts',
    },
  ],
};
