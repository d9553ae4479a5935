import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { nodes } from './support/owner-app.ts';
import { run } from './support/run.ts';

const root = resolve(import.meta.dirname, '../..');
const tarball = inject('tarball');
const folder = join(inject('owner'), 'node_modules/countersign');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  .sort();

/** What may be in the package, by where it is. */
const places = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md)$/,
  /^cli\/countersign\.mjs$/,
  /^dist\/(package\.json|(clients|countersign)\.schema\.json|THIRD-PARTY-LICENSES\.txt|index\.d\.ts|index\.js(\.map)?)$/,
  /^dist\/(guard|testing)\/index\.(d\.ts|d\.mts|cjs|mjs)(\.map)?$/,
  /^dist\/cli\/[\w.-]+\.mjs(\.map)?$/,
  /^dist\/functions\/[\w-]+\/[\w-]+\/index\.mjs$/,
  /^dist\/types\/(infra|functions|registry|testing)\/[\w/-]+\.d\.ts$/,
  /^(attach|docs)\//,
];

describe('the package', () => {
  test('has what runs, its types and its pages, and nothing else', () => {
    expect(files.filter((file) => !places.some((place) => place.test(file)))).toEqual([]);
    for (const needed of ['dist/index.js', 'dist/index.js.map', 'cli/countersign.mjs', 'LICENSE']) {
      expect(files).toContain(needed);
    }
  });

  test('has the pages that its messages name, and what other tools take, as they are here', async () => {
    const { stdout } = await run('git', ['ls-files', 'attach', ':(glob)docs/*.md'], { cwd: root });
    const kept = stdout.trimEnd().split('\n').sort();
    expect(files.filter((file) => /^(attach|docs)\//.test(file))).toEqual(kept);
    for (const file of kept) {
      expect(readFileSync(join(folder, file)).equals(readFileSync(join(root, file)))).toBe(true);
    }
  });

  test('is small', () => {
    expect(statSync(tarball).size).toBeLessThan(3.4 * 1024 * 1024);
    expect(files.length).toBeLessThan(480);
  });

  test('brings no other package, and needs two', () => {
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('optionalDependencies');
    expect(Object.keys(manifest.peerDependencies)).toEqual(['aws-cdk-lib', 'constructs']);
    expect(manifest).not.toHaveProperty('private');
    expect(manifest.scripts).not.toHaveProperty('postinstall');
  });

  test('says nothing of the computer that made it', () => {
    const telling = files.filter((file) => readFileSync(join(folder, file), 'utf8').includes(root));
    expect(telling).toEqual([]);
  });

  test('has the sources of ours in its source maps', () => {
    const map = JSON.parse(readFileSync(join(folder, 'dist/index.js.map'), 'utf8'));
    const own = map.sources.flatMap((source: string, index: number) =>
      source.startsWith('../infra/') ? [map.sourcesContent[index]] : [],
    );
    expect(own.length).toBeGreaterThan(50);
    expect(own.filter((content: unknown) => typeof content !== 'string')).toEqual([]);
  });

  test('has, byte for byte, what is built and tested here, which a script shows', async () => {
    const { stdout, stderr } = await run(
      'npm',
      ['run', '--silent', 'build', '--', '--compare', tarball],
      {
        cwd: root,
      },
    );
    expect(stdout.trimEnd().split('\n')).toHaveLength(files.length);
    expect(stderr).toBe(`All ${files.length} files are the same as here.\n`);
    for (const file of files.filter((path) => path.startsWith('dist/functions/'))) {
      expect(readFileSync(join(folder, file)).equals(readFileSync(join(root, file)))).toBe(true);
    }
  });
});

test.for(Object.entries(nodes))('the command runs on Node %s', async ([, node]) => {
  const bin = join(inject('owner'), 'node_modules/.bin/countersign');
  const { stdout, stderr } = await run(node, [bin, '--version']);
  expect([stdout, stderr]).toEqual([`${manifest.version}\n`, '']);
});
