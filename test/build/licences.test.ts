import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { licencesText } from '../../build/third-party/licences.ts';
import { bundledPackages } from '../../build/third-party/packages.ts';

const root = mkdtempSync(join(tmpdir(), 'countersign-licences-'));
afterAll(() => rmSync(root, { recursive: true }));

function install(folder: string, manifest: object, files: Readonly<Record<string, string>> = {}) {
  mkdirSync(join(root, folder), { recursive: true });
  const all = { 'package.json': JSON.stringify(manifest), ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(root, folder, name), text);
}

/** What esbuild says of a bundle with these files in it, by the bytes that are left of each. */
const metafile = (bytes: Readonly<Record<string, number>>): Metafile => {
  const inputs = Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]);
  const output = { bytes: 1, imports: [], exports: [], inputs: Object.fromEntries(inputs) };
  return { inputs: {}, outputs: { 'dist/index.js': output } };
};

install('node_modules/left', { name: 'left', version: '1.0.0', license: 'MIT' }, { LICENSE: 'L' });
install(
  'node_modules/left/node_modules/@a/inner',
  { name: '@a/inner', version: '2.0.0', license: 'Apache-2.0' },
  { 'LICENSE.md': 'A\r\nB', NOTICE: 'N', 'license-checker.js': 'no text' },
);
install('node_modules/old', { name: 'old', version: '3.0.0', licenses: [{ type: 'MIT' }] });

describe('the packages of a bundle', () => {
  test('are those of which something is left in it, the innermost ones', () => {
    const found = bundledPackages(
      [
        metafile({
          'infra/index.ts': 9,
          'node_modules/left/index.js': 1,
          'node_modules/left/node_modules/@a/inner/lib/x.js': 1,
          'node_modules/left/node_modules/@a/inner/lib/y.js': 1,
          'node_modules/gone/index.js': 0,
          '<data:text/javascript,module>': 75,
        }),
      ],
      root,
    );
    expect(found).toEqual([
      { name: 'left', version: '1.0.0', license: 'MIT', texts: ['L'] },
      { name: '@a/inner', version: '2.0.0', license: 'Apache-2.0', texts: ['A\nB', 'N'] },
    ]);
  });

  test('say nothing of a licence where the manifest has no identifier', () => {
    const [old] = bundledPackages([metafile({ 'node_modules/old/index.js': 1 })], root);
    expect(old).toMatchObject({ license: 'not said', texts: [] });
  });
});

describe('the licences of a bundle', () => {
  const mit = { name: 'left', version: '1.0.0', license: 'MIT', texts: ['MIT text'] };

  test('have each text once, below the packages that it is of', () => {
    const text = licencesText([mit, { ...mit, name: 'right' }, { ...mit, texts: ['Another'] }]);
    const [, both, other] = text.split('-'.repeat(80));
    expect(both).toBe('\n\nleft 1.0.0 (MIT)\nright 1.0.0 (MIT)\n\nMIT text\n\n');
    expect(other).toBe('\n\nleft 1.0.0 (MIT)\n\nAnother\n');
  });

  test.for(['GPL-3.0-only', 'UNLICENSED', 'not said', 'MIT OR GPL-3.0-only', 'mit'])(
    'may not be %s: the build fails with one sentence',
    (license) => {
      expect(() => licencesText([{ ...mit, license }])).toThrow(
        `left 1.0.0 would be in a bundle, but its licence "${license}" is none of 0BSD, Apache-2.0`,
      );
    },
  );

  test('are known, or the build fails', () => {
    const without = { ...mit, texts: [] };
    expect(() => licencesText([without])).toThrow('but has no file with its licence');
    expect(licencesText([{ ...without, license: 'Apache-2.0' }])).toContain('Version 2.0');
    expect(licencesText([{ ...without, name: '@middy/core' }])).toContain('Luciano Mammino');
  });
});
