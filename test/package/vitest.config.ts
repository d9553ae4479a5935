import { defineConfig } from 'vitest/config';

/** `npm run test:package`: what owners install, installed as they would. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.package.test.ts'],
    globalSetup: ['support/installed.ts'],
    // Most of a test is a process of its own.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
