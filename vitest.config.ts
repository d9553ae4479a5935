import './test/installed.mjs';
import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * These meet real sockets and the time limits of real clients, on a computer that may be busy with all the others: one
 * that fails is run again, and the report says so.
 */
const retry = 2;

/** What the file name says that its tests need; a file that says nothing is a unit test. */
const kinds = { services: 'test/**/*.services.test.ts', stack: 'test/**/*.stack.test.ts' };

// They need an emulator, which npm run test:deploy, test:tools and walkthrough start, or what test:package installs.
const elsewhere = ['test/deploy/**', 'test/tools/**', 'test/package/**', 'test/walkthrough/run/**'];
const ownEnvironment = 'test/support/own-environment.ts';
const notHere = [...configDefaults.exclude, ...elsewhere];

const unit: TestProjectInlineConfiguration = {
  extends: true,
  plugins: [
    {
      name: 'no-cdk',
      enforce: 'pre',
      resolveId(id) {
        if (!/^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/.test(id)) return;
        throw new Error(`a unit test must not load ${id}: name the file *.stack.test.ts`);
      },
    },
  ],
  test: {
    name: 'unit',
    include: ['test/**/*.test.ts'],
    exclude: [...notHere, ...Object.values(kinds)],
    setupFiles: [ownEnvironment, 'test/support/unit-only.ts'],
  },
};

export default defineConfig({
  test: {
    // The default leaves a core to the runner, which needs little of it.
    maxWorkers: '100%',
    // No file leaves anything behind that the next one meets, and much of a file's time is its imports.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      unit,
      {
        extends: true,
        test: {
          name: 'services',
          include: [kinds.services],
          exclude: notHere,
          retry,
          setupFiles: [ownEnvironment],
        },
      },
      {
        extends: true,
        test: {
          name: 'stack',
          include: [kinds.stack],
          exclude: notHere,
          retry,
          setupFiles: [ownEnvironment],
          globalSetup: ['test/support/built-package.ts', 'test/support/shared-stacks.ts'],
        },
      },
    ],
    coverage: {
      include: ['functions/**/*.ts'],
      // What wires, and types alone; test/bundles and the local stack run what is wired.
      exclude: [
        'functions/**/index.ts',
        'functions/**/*environment.ts',
        'functions/authorizer/{bound-tokens,revocation-table}.ts',
        'functions/authorizer/*-token-wiring.ts',
        'functions/authorizer/revocations/table-reading.ts',
        'functions/authentication/client-endpoint-wiring.ts',
      ],
      thresholds: {
        'functions/{oauth,authentication,token,revocation,revocation-list,introspection,discovery,authorizer,remote,http}/**/*.ts':
          { 100: true },
      },
    },
  },
});
