import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const infra = resolve(import.meta.dirname, '../../infra');

test('nothing is decided by a class of the CDK, but whether there are two copies of it', () => {
  const decisions = globSync('**/*.ts', { cwd: infra })
    .filter((file) => file !== 'settings/same-cdk.ts')
    .flatMap((file) => [...readFileSync(join(infra, file), 'utf8').matchAll(/\binstanceof (\w+)/g)])
    .map(([, name]) => name);
  expect([...new Set(decisions)].sort()).toEqual(['ConfigurationError', 'Error']);
});
