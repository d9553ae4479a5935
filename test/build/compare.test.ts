import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { compare } from '../../build/compare.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  mkdirSync(join(folder, 'dist/guard'), { recursive: true });
  writeFileSync(join(folder, 'dist/index.js'), 'a');
  writeFileSync(join(folder, 'dist/guard/index.mjs'), 'b');
  return () => rmSync(folder, { recursive: true });
});

const built = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, contents: Buffer.from(text) }));

const digestOfA = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';
const digestOfB = '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d';

test('the same bytes differ in nothing, and each has its digest', () => {
  expect(compare(built({ 'guard/index.mjs': 'b', 'index.js': 'a' }), folder)).toEqual({
    digests: [`${digestOfB}  dist/guard/index.mjs`, `${digestOfA}  dist/index.js`],
    differences: [],
  });
});

test('each file that has other bytes, or is in one of both alone, is a line', () => {
  expect(compare(built({ 'index.js': 'b', 'new.js': '' }), folder).differences).toEqual([
    'dist/guard/index.mjs is in the package, and is not built here',
    `dist/index.js has other bytes: ${digestOfA} in the package, ${digestOfB} built here`,
    'dist/new.js is not in the package',
  ]);
});
