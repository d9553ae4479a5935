import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { appFiles } from '../../cli/init/app-files.ts';
import { dependencyOn, installedFrom } from '../../cli/init/installed-from.ts';
import manifest from '../../package.json' with { type: 'json' };
import { inProcess } from './command.ts';

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const names = [
  'package.json',
  'cdk.json',
  'app.mjs',
  'countersign.json',
  '.gitignore',
  'README.md',
];

describe('countersign init', () => {
  test('makes an app in a new folder, whatever its name, and says what comes next', async () => {
    const folder = join(scratch(), 'deep/My "App"');
    const outcome = await inProcess(['init', folder, '--from', '0.1.0', '--json']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual({
      folder,
      files: names,
      next: [`cd '${folder}'`, 'npm install', 'npx cdk bootstrap', 'npx cdk deploy'],
    });
    expect(readdirSync(folder).sort()).toEqual([...names].sort());
  });

  test('tells people the same', async () => {
    const folder = join(scratch(), 'auth');
    const { stdout } = await inProcess(['init', folder, '--from', '0.1.0']);
    expect(stdout).toContain(`Made in ${folder}: ${names.join(', ')}\n`);
    expect(stdout).toContain('Set "issuer" there');
    expect(stdout).toMatch(
      /\n {2}cd \S+\n {2}npm install\n {2}npx cdk bootstrap\n {2}npx cdk deploy\n$/,
    );
  });

  test('depends on what this release was tested with, exactly', async () => {
    const folder = scratch();
    await inProcess(['init', folder, '--from', '0.1.0']);
    const { 'aws-cdk': cdk, 'aws-cdk-lib': library, constructs } = manifest.devDependencies;
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({
      private: true,
      type: 'module',
      scripts: { synth: 'cdk synth --quiet', deploy: 'cdk deploy' },
      dependencies: { 'aws-cdk-lib': library, constructs, countersign: '0.1.0' },
      devDependencies: { 'aws-cdk': cdk },
      engines: manifest.engines,
    });
    expect(cdk).toMatch(/^2\./);
  });

  test('leaves every setting at its default', async () => {
    const folder = scratch();
    await inProcess(['init', folder, '--from', '0.1.0']);
    expect(JSON.parse(readFileSync(join(folder, 'countersign.json'), 'utf8'))).toEqual({
      $schema: './node_modules/countersign/dist/countersign.schema.json',
    });
  });

  test('takes a folder that has but traces of tools', async () => {
    const folder = scratch();
    for (const name of ['.git', '.vscode', '.idea', '.DS_Store']) mkdirSync(join(folder, name));
    expect(await inProcess(['init', folder, '--from', '0.1.0'])).toMatchObject({ exitCode: 0 });
  });

  test('refuses a folder with files of its own, names them, and leaves them as they are', async () => {
    const folder = scratch();
    for (const name of ['README.md', 'a', 'b', 'c', 'd', 'e', 'f']) {
      writeFileSync(join(folder, name), name);
    }
    expect(await inProcess(['init', folder, '--from', '0.1.0'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${folder} has files of its own: README.md, a, b, c, d and 2 more; name a folder that is new or empty\n`,
    });
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('README.md');
    expect(readdirSync(folder)).toHaveLength(7);
  });

  test('refuses a file, what is below one, and a second folder', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    for (const [path, reason] of [
      [file, 'it is a file'],
      [join(file, 'auth'), 'it is a file, or lies in one'],
    ] as const) {
      expect(await inProcess(['init', path, '--from', '0.1.0'])).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `error: no app can be made in ${path}: ${reason}\n`,
      });
    }
    expect(await inProcess(['init', 'a', 'b'])).toMatchObject({ exitCode: 2 });
  });

  test('in a checkout it has to be told where the package is', async () => {
    const { exitCode, stderr } = await inProcess(['init', join(scratch(), 'auth')]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: how countersign came to \S+ cannot be known: say by --from what the app is to depend on: a version, an https URL, or a tarball\n$/,
    );
  });
});

describe('what the app gets this package by', () => {
  /** A package in node_modules, and what npm has written down of it. */
  function installed(entry: object | undefined) {
    const project = scratch();
    const root = join(project, 'node_modules/countersign');
    mkdirSync(root, { recursive: true });
    const packages = entry && { 'node_modules/countersign': entry };
    writeFileSync(join(project, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
    writeFileSync(join(project, 'countersign-0.1.0.tgz'), '');
    return { project, installed: { root, name: 'countersign', version: '0.1.0' } };
  }

  test.for([
    ['a registry that is left out', undefined, '^0.1.0'],
    ['a tarball here', 'file:countersign-0.1.0.tgz', 'file:../../countersign-0.1.0.tgz'],
    ['a tarball elsewhere', 'https://a.example/c.tgz', 'https://a.example/c.tgz'],
    ['git', 'git+ssh://git@a.example/c.git#0123', 'git+ssh://git@a.example/c.git#0123'],
  ] as const)('is where it came from: %s', ([, resolved, dependency]) => {
    const { project, ...of } = installed({ version: '0.1.0', resolved });
    const source = installedFrom(of.installed, join(project, 'apps/auth'));
    expect(source).toEqual({ dependency });
    expect(Object.keys(appFiles(source))).not.toContain('.npmrc');
  });

  test.for([
    ['https://registry.example', 'https://registry.example/'],
    ['https://a:secret@a.example:8443/api/npm/all', 'https://a.example:8443/api/npm/all/'],
  ] as const)('is in the same registry: %s', ([start, registry]) => {
    const resolved = `${start}/countersign/-/countersign-0.1.0.tgz`;
    const { project, ...of } = installed({ resolved });
    const source = installedFrom(of.installed, project);
    expect(source).toEqual({ dependency: '^0.1.0', registry });
    expect(appFiles(source)).toMatchObject({ '.npmrc': `registry=${registry}\n` });
  });

  test('is never guessed', () => {
    for (const entry of [undefined, { resolved: 5 }]) {
      const { project, ...of } = installed(entry);
      expect(() => installedFrom(of.installed, project)).toThrow('cannot be known: say by --from');
    }
    const { project, ...of } = installed({ resolved: 'file:gone.tgz' });
    expect(() => installedFrom(of.installed, project)).toThrow(
      `${project}/gone.tgz, from which countersign was installed, is gone: say by --from`,
    );
    const another = { ...of.installed, root: project };
    expect(() => installedFrom(another, project)).toThrow('cannot be known');
  });

  test('is what --from says: a version, a URL, or a tarball', () => {
    const { project } = installed(undefined);
    expect(dependencyOn('0.2.0-rc.1', project)).toBe('0.2.0-rc.1');
    expect(dependencyOn('https://a.example/c.tgz', project)).toBe('https://a.example/c.tgz');
    expect(dependencyOn(join(project, 'countersign-0.1.0.tgz'), join(project, 'a'))).toBe(
      'file:../countersign-0.1.0.tgz',
    );
  });

  test.for([['latest'], ['^0.1.0'], ['http://a.example/c.tgz'], ['gone.tgz'], ['.'], ['']])(
    '--from %j is refused',
    async ([from = '']) => {
      const { exitCode, stderr } = await inProcess(['init', join(scratch(), 'a'), '--from', from]);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /^error: --from is "[^"]*", and must be a version such as 0\.1\.0, .*\n$/,
      );
    },
  );
});
