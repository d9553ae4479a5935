import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { releasedChangelog } from '../../release/changelog.ts';
import { billOfMaterials } from '../../release/files/bill-of-materials.ts';
import { writeChecksums } from '../../release/files/checksums.ts';
import { zipOf } from '../../release/files/templates.ts';
import { parseOptions } from '../../release/options.ts';
import { checkVersion, withVersion } from '../../release/version.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-release-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('CHANGELOG.md of a release', () => {
  const text =
    '# Changelog\n\n## Unreleased\n\n- One.\n- Two.\n\n## 0.1.0 (2026-01-02)\n\n- Old.\n';

  test('has what was unreleased under its version', () => {
    expect(releasedChangelog(text, '0.2.0', '2026-02-03')).toEqual({
      text: text.replace('## Unreleased', '## Unreleased\n\n## 0.2.0 (2026-02-03)'),
      notes: '- One.\n- Two.',
    });
  });

  test('stays as it is where the version is there', () => {
    expect(releasedChangelog(text, '0.1.0', '2026-02-03')).toEqual({ text, notes: '- Old.' });
  });

  test.for(['# Changelog\n', '## Unreleased\n\n## 0.1.0 (2026-01-02)\n- Old.\n'])(
    'has something to say: %j',
    (nothing) => {
      expect(() => releasedChangelog(nothing, '0.2.0', '2026-02-03')).toThrow(
        'CHANGELOG.md has no section "## 0.2.0 (date)", and nothing under "## Unreleased" to make it of.',
      );
    },
  );
});

describe('the version of a release', () => {
  test.for([
    ['0.2.0', ['v0.1.9', 'other']],
    ['0.10.0', ['v0.9.0', '']],
    ['1.0.0', []],
  ] as const)('may be %s after %j', ([version, tags]) => {
    expect(() => checkVersion(version, tags)).not.toThrow();
  });

  test.for(['0.2.0', '0.10.0', '1.0.0'])('is newer than all others, which %s is not', (version) => {
    expect(() => checkVersion(version, ['v0.2.0', 'v1.0.0'])).toThrow(
      `${version} is not newer than `,
    );
  });

  test.for(['1.2', 'v1.2.3', '1.2.3-rc.1', '01.2.3', '1.2.3\n'])('is not %j', (version) => {
    expect(() => checkVersion(version, [])).toThrow('is no version of three numbers');
  });

  test('is written into the manifest and the lock file, and nowhere else', () => {
    const lock = {
      version: '1.0.0',
      packages: { '': { version: '1.0.0' }, a: { version: '1.0.0' } },
    };
    expect(JSON.parse(withVersion(JSON.stringify(lock), '2.0.0'))).toEqual({
      version: '2.0.0',
      packages: { '': { version: '2.0.0' }, a: { version: '1.0.0' } },
    });
    const manifest = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
    const { version } = JSON.parse(manifest);
    expect(withVersion(manifest, '9.9.9')).toBe(
      manifest.replace(`"version": "${version}"`, '"version": "9.9.9"'),
    );
  });
});

describe('the bill of materials', () => {
  const jose = { name: 'jose', version: '6.2.18', license: 'MIT', texts: [] };
  const kms = {
    name: '@aws-sdk/client-kms',
    version: '3.1164.0',
    license: 'Apache-2.0',
    texts: [],
  };
  const own = { name: 'countersign', version: '1.0.0', license: 'Apache-2.0' };
  const release = { ...own, packages: [kms, jose, jose], time: new Date(0) };

  test('is CycloneDX, with each package once, its version and its licence', async () => {
    const bom = JSON.parse(await billOfMaterials(release));
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(bom.metadata).toMatchObject({
      timestamp: '1970-01-01T00:00:00.000Z',
      component: { name: 'countersign', version: '1.0.0', purl: 'pkg:npm/countersign@1.0.0' },
    });
    const license = (id: string) => [{ license: { id } }];
    expect(bom.components).toMatchObject([
      {
        group: '@aws-sdk',
        name: 'client-kms',
        purl: 'pkg:npm/%40aws-sdk/client-kms@3.1164.0',
        licenses: license('Apache-2.0'),
      },
      { name: 'jose', version: '6.2.18', licenses: license('MIT') },
    ]);
    expect(bom.components).toHaveLength(2);
  });

  test('is the same each time, in whatever order the packages come', async () => {
    const other = { ...release, packages: [jose, kms] };
    expect(await billOfMaterials(other)).toBe(await billOfMaterials(release));
  });
});

test('the checksums are those of all files, as sha256sum has them', async () => {
  writeFileSync(join(folder, 'b.tgz'), 'abc');
  writeFileSync(join(folder, 'a.json'), '');
  await writeChecksums(folder);
  await writeChecksums(folder);
  expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.json\n' +
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b.tgz\n',
  );
});

test('the zip of the templates has the files of their folder, and is the same whenever it is made', async () => {
  const templates = join(folder, 'templates');
  mkdirSync(join(templates, 'assets'), { recursive: true });
  writeFileSync(join(templates, 'b.json'), 'B');
  writeFileSync(join(templates, 'assets/a.zip'), 'A');
  const zip = await zipOf(templates);
  const files = Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]);
  expect(files).toEqual([
    ['assets/a.zip', 'A'],
    ['b.json', 'B'],
  ]);
  utimesSync(join(templates, 'b.json'), 1e9, 1e9);
  expect(await zipOf(templates)).toEqual(zip);
  rmSync(templates, { recursive: true });
});

describe('the options of npm run release', () => {
  test('are few', () => {
    expect(parseOptions([])).toMatchObject({ isDryRun: false, out: 'release-files' });
    expect(parseOptions(['--dry-run', '--tag', 'v1.0.0'])).toMatchObject({ tag: 'v1.0.0' });
    expect(parseOptions(['--help'])).toBe('help');
  });

  test.for([
    [['--publish'], "Unknown option '--publish'"],
    [['--tag', 'v1.0.0'], '--tag needs --dry-run'],
  ] as const)('%j is an error', ([args, message]) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
