/**
 * Four projects: `unit` needs nothing but Node, `browser` Chromium and the page that npm run build makes (test/web
 * fetches the former), `kernel` and `native` a real kernel with ip_vs (test/lab finds or boots one). `native` runs the kernel's suites with the native program in place of the one on
 * Node, but for those in test/kernel/subcommands, which are of Node's alone.
 */
const common = {
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
    // Of the packages, chalk alone has no CommonJS.
    'node_modules/chalk/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!chalk/)'],
  testEnvironment: 'node',
};

const onKernel = {
  ...common,
  globalSetup: '<rootDir>/test/lab/global-setup.ts',
  globalTeardown: '<rootDir>/test/lab/global-teardown.ts',
};

module.exports = {
  // Each worker has a guest, which has one processor (test/lab/global-setup.ts): two for a small machine.
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/helpers/long-first.js',
  projects: [
    {
      ...common,
      displayName: 'unit',
      setupFilesAfterEnv: ['<rootDir>/test/helpers/forget-listeners.js'],
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/kernel/', '<rootDir>/test/native/'],
    },
    {
      ...common,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/web/**/*.browser-test.ts'],
    },
    {
      ...onKernel,
      displayName: 'kernel',
      testMatch: ['<rootDir>/test/kernel/**/*.test.ts', '<rootDir>/test/**/*.kernel-test.ts'],
    },
    {
      ...onKernel,
      displayName: 'native',
      testMatch: ['<rootDir>/test/kernel/*.test.ts', '<rootDir>/test/native/**/*.test.ts'],
      // An emulated guest takes five minutes: npm run test:long.
      testPathIgnorePatterns: ['/node_modules/', ...(process.env.IPVSADM_LONG ? [] : ['/test/kernel/qemu'])],
      setupFiles: ['<rootDir>/test/native/under-test.js'],
    },
  ],
};
