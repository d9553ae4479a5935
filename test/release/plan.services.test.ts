import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runIn } from '../../release/command.ts';
import { planRelease } from '../../release/plan.ts';

const epoch = '1700000000';

/** A repository with one commit, whose time is another one. */
async function repository(manifest: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-release-plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const run = runIn(folder);
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  const whole = { version: '0.1.0', repository: 'a/b', ...manifest };
  write('package.json', JSON.stringify(whole));
  write('package-lock.json', JSON.stringify({ version: '0.1.0', packages: { '': {} } }));
  write('CHANGELOG.md', '## Unreleased\n\n- New.\n');
  await run('git', 'init', '--quiet');
  const commit = async () => {
    await run('git', 'add', '.');
    const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
    await run('git', ...who, 'commit', '--quiet', '--message', 'A', '--date', '@1600000000 +0000');
  };
  await commit();
  const read = (path: string) => readFile(join(folder, path), 'utf8');
  const plan = (options: { version?: string; tag?: string } = {}) =>
    planRelease({ version: undefined, tag: undefined, ...options }, { run, read, epoch });
  return { run, write, commit, plan, read };
}

describe('a release', () => {
  test('of the version that package.json has changes CHANGELOG.md alone', async () => {
    const { plan } = await repository();
    const { version, notes, changes, epoch: seconds } = await plan();
    expect({ version, notes, seconds }).toEqual({
      version: '0.1.0',
      notes: '- New.',
      seconds: 1.7e9,
    });
    expect(changes).toEqual({
      'CHANGELOG.md': '## Unreleased\n\n## 0.1.0 (2023-11-14)\n\n- New.\n',
    });
  });

  test('of another version changes the manifest and the lock file, too', async () => {
    const { plan, run } = await repository();
    const { changes } = await plan({ version: '0.2.0' });
    expect(Object.keys(changes).sort()).toEqual([
      'CHANGELOG.md',
      'package-lock.json',
      'package.json',
    ]);
    expect(JSON.parse(changes['package.json'] ?? '')).toMatchObject({ version: '0.2.0' });
    expect(await run('git', 'status', '--porcelain')).toBe('');
  });

  test('is of a commit: what differs from it is named', async () => {
    const { plan, write } = await repository();
    write('other.txt', 'not committed');
    await expect(plan()).rejects.toThrow(
      /^a release is made of the last commit, .*\n\?\? other.txt$/,
    );
  });

  test('is newer than those that have a tag', async () => {
    const { plan, run } = await repository();
    await run('git', 'tag', 'v0.1.0');
    await expect(plan()).rejects.toThrow('0.1.0 is not newer than 0.1.0, which was released');
  });
});

describe('a release of a tag', () => {
  test('is what npm run release has prepared', async () => {
    const { plan, write, commit } = await repository();
    await expect(plan({ tag: 'v0.1.0' })).rejects.toThrow(
      'v0.1.0 is not prepared: make it by npm run release, which changes CHANGELOG.md.',
    );
    write('CHANGELOG.md', String((await plan()).changes['CHANGELOG.md']));
    await commit();
    expect(await plan({ tag: 'v0.1.0' })).toMatchObject({ changes: {}, notes: '- New.' });
    await expect(plan({ tag: 'v0.2.0' })).rejects.toThrow(
      'the tag is v0.2.0, but package.json says version 0.1.0.',
    );
  });

  test('needs a repository, which npm asks for at the very end', async () => {
    const { plan, write, commit } = await repository({ repository: undefined });
    write('CHANGELOG.md', String((await plan()).changes['CHANGELOG.md']));
    await commit();
    await expect(plan({ tag: 'v0.1.0' })).rejects.toThrow('package.json names no repository');
  });
});
