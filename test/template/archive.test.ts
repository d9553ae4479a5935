import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, onTestFinished, test } from 'vitest';
import { zipOf } from '../../cli/template/archive.ts';
import { sha256 } from '../../cli/template/assets.ts';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-archive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const files = { 'index.mjs': 'export const handler = 1;\n'.repeat(100), 'a.json': '{}' };

test('an archive has the files, and nothing of when and where they were packed', () => {
  const zip = zipOf(folderOf(files));
  const texts = Object.entries(unzipSync(zip)).map(([name, bytes]) => [
    name,
    `${Buffer.from(bytes)}`,
  ]);
  expect(texts).toEqual(Object.entries(files).toSorted());
  expect(sha256(zip)).toBe('e5b4e12ddc269b9bb6abc1caa1fac44856b3042319f5490ba1c6be16d3e1433c');
});

test('the first of its files is of the first day that a zip can name, and may be read by all', () => {
  const view = Buffer.from(zipOf(folderOf({ 'index.mjs': '' })));
  const entry = view.subarray(view.indexOf('PK\u0001\u0002'));
  expect([entry.readUInt16LE(12), entry.readUInt16LE(14)]).toEqual([0, 0x21]);
  expect(entry.readUInt32LE(38) >>> 16).toBe(0o100644);
});
