import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { compare } from '../../build/compare.ts';

let folder: string;
let checkout: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  mkdirSync(join(folder, 'dist/guard'), { recursive: true });
  checkout = mkdtempSync(join(tmpdir(), 'countersign-checkout-'));
  for (const place of [folder, checkout]) writeFileSync(join(place, 'package.json'), '{}');
  writeFileSync(join(folder, 'dist/index.js'), 'a');
  writeFileSync(join(folder, 'dist/guard/index.mjs'), 'b');
  return () => [folder, checkout].map((place) => rmSync(place, { recursive: true }));
});

const built = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, contents: Buffer.from(text) }));

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
const digestOfA = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';
const digestOfB = '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d';

test('the same bytes differ in nothing, and each has its digest', () => {
  expect(compare(built({ 'guard/index.mjs': 'b', 'index.js': 'a' }), folder, checkout)).toEqual({
    digests: [
      `${digestOfB}  dist/guard/index.mjs`,
      `${digestOfA}  dist/index.js`,
      `${digestOf('{}')}  package.json`,
    ],
    differences: [],
  });
});

test('each file that has other bytes, or is in one of both alone, is a line', () => {
  expect(compare(built({ 'index.js': 'b', 'new.js': '' }), folder, checkout).differences).toEqual([
    'dist/guard/index.mjs is in the package, and not here',
    `dist/index.js has other bytes: ${digestOfA} in the package, ${digestOfB} here`,
    'dist/new.js is not in the package',
  ]);
});

test('so is what runs at an installation, or beside dist/', () => {
  const manifest = '{"scripts":{"postinstall":"evil"}}';
  writeFileSync(join(folder, 'package.json'), manifest);
  writeFileSync(join(folder, 'evil.mjs'), '');
  const { differences } = compare(
    built({ 'guard/index.mjs': 'b', 'index.js': 'a' }),
    folder,
    checkout,
  );
  expect(differences).toEqual([
    'evil.mjs is in the package, and not here',
    `package.json has other bytes: ${digestOf(manifest)} in the package, ${digestOf('{}')} here`,
  ]);
});
