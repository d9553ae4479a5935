import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { chromiumPath } from '../support/chromium-path.ts';

/** Tests in a browser are left out where there is none, but for a CI that has one. */

const folder = mkdtempSync(join(tmpdir(), 'countersign-browser-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a browser that is required and missing is a failure', () => {
  const required = { PATH: folder, REQUIRE_BROWSER: '1' };
  expect(() => chromiumPath(required)).toThrow(/^REQUIRE_BROWSER is 1, and there is no Chromium/);
});

test('one that is not required is left out', () => {
  expect(chromiumPath({ PATH: folder })).toBe(undefined);
});

test('one that is there is found', () => {
  const there = mkdtempSync(join(folder, 'bin-'));
  const path = join(there, 'google-chrome');
  writeFileSync(path, '');
  chmodSync(path, 0o755);
  expect(chromiumPath({ PATH: [folder, there].join(delimiter), REQUIRE_BROWSER: '1' })).toBe(path);
});

test('the hosted CI, whose computers have Chrome, requires it', () => {
  const workflow = readFileSync(new URL('../../.github/workflows/ci.yml', import.meta.url), 'utf8');
  expect(workflow).toMatch(/^ {6}REQUIRE_BROWSER: 1$/m);
});
