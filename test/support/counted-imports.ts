import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterAll, beforeEach, vi } from 'vitest';

/** Counts the keys that are imported in the tests of a file; at the start of each it is none. */
export function countedImports(): () => number {
  const imports = vi.spyOn(crypto, 'createPublicKey');
  syncBuiltinESMExports();
  beforeEach(() => void imports.mockClear());
  afterAll(() => {
    imports.mockRestore();
    syncBuiltinESMExports();
  });
  return () => imports.mock.calls.length;
}
