import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, run } from './support/run.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'countersign-release-'));
const repository = join(folder, 'repository');
afterAll(() => rmSync(folder, { recursive: true }));

// Of the last commit, as a release is; what is not committed counts for nothing here.
beforeAll(async () => {
  const url = pathToFileURL(root).href;
  await run('git', ['clone', '--quiet', '--depth=1', url, repository]);
});

const release = (...options: readonly string[]) => [
  join(repository, 'release/release.ts'),
  ...options,
];
const env = { SOURCE_DATE_EPOCH: '1700000000' };
const git = async (...parameters: readonly string[]) =>
  (await run('git', [...parameters], { cwd: repository })).stdout.trim();

describe('npm run release -- --dry-run', () => {
  const [out, again] = [join(folder, 'files'), join(folder, 'files-again')];
  const options = ['--dry-run', '--version', '99.0.0'];
  const read = (name: string): Buffer => readFileSync(join(out, name));
  let printed = '';

  beforeAll(async () => {
    const made = await run(process.execPath, release(...options, '--out', out), {
      cwd: repository,
      env,
    });
    printed = made.stdout;
    await run(process.execPath, release(...options, '--out', again), { cwd: repository, env });
  }, 600_000);

  test('makes the files of a release, and says what it would do', () => {
    expect(readdirSync(out).sort()).toEqual([
      'RELEASE-NOTES.md',
      'SHA256SUMS',
      'countersign-99.0.0.cdx.json',
      'countersign-99.0.0.tgz',
      'countersign-templates-99.0.0.zip',
    ]);
    expect(printed).toContain('nothing was changed, and nothing was published');
    expect(printed).toContain(
      'write version 99.0.0 into package.json, package-lock.json, CHANGELOG.md',
    );
  });

  test('leaves the repository as it was', async () => {
    expect(await git('status', '--porcelain')).toBe('');
    expect(await git('tag', '--list')).toBe('');
  });

  test('makes the same bytes each time, with their checksums', () => {
    const lines = read('SHA256SUMS').toString().trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const [digest, name = ''] = line.split('  ');
      expect(createHash('sha256').update(read(name)).digest('hex')).toBe(digest);
    }
    expect(readFileSync(join(again, 'SHA256SUMS'), 'utf8')).toBe(
      lines.map((line) => `${line}\n`).join(''),
    );
  });

  test('lists in the bill of materials what the package has the licences of', async () => {
    await run('tar', ['-xzf', join(out, 'countersign-99.0.0.tgz'), '-C', folder]);
    const licences = readFileSync(join(folder, 'package/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const listed = [...licences.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d\S*) \(\S+\)$/gm)];
    const bom = JSON.parse(read('countersign-99.0.0.cdx.json').toString());
    const components: readonly { group?: string; name: string; version: string }[] = bom.components;
    expect(
      components
        .map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`)
        .sort(),
    ).toEqual([...new Set(listed.map(([, name, version]) => `${name} ${version}`))].sort());
    expect(components.length).toBeGreaterThan(20);
    const manifest = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
    expect(manifest.version).toBe('99.0.0');
  });

  test('does not write into a folder that is there', async () => {
    const said = await failureOf(process.execPath, release(...options, '--out', out), {
      cwd: repository,
    });
    expect(said).toBe(
      `${out} cannot be made: remove it if it is there, or name another one by --out.\n`,
    );
  });
});
