import './test/installed.mjs';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need an emulator, which npm run test:deploy starts.
    exclude: [...configDefaults.exclude, 'test/deploy/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      include: ['functions/**/*.ts'],
      exclude: ['functions/*/index.ts', 'functions/*/environment.ts'],
      thresholds: { 'functions/{oauth,token,discovery,authorizer,remote}/**/*.ts': { 100: true } },
    },
  },
});
