import type * as files from 'node:fs/promises';

// Stands for node:fs/promises, which is loaded when the SDK reads a file first: in a function it reads none.
type ReadFile = typeof files.readFile;
export const readFile = ((...given: Parameters<ReadFile>) =>
  process.getBuiltinModule('node:fs/promises').readFile(...given)) as ReadFile;
