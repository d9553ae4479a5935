import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const checkout = join(import.meta.dirname, '../..');
const git = async (...parameters: readonly string[]) =>
  (await promisify(execFile)('git', [...parameters], { cwd: checkout })).stdout;

/** The files that the commands of the documentation and of the help write private keys to. */
async function keyFiles(): Promise<readonly string[]> {
  const files = globSync(['README.md', 'docs/*.md', 'cli/**/*.ts'], { cwd: checkout });
  const texts = await Promise.all(files.map((file) => readFile(join(checkout, file), 'utf8')));
  const written = texts.flatMap((text) => [
    ...text.matchAll(/keypair .*?--out ([\w./-]+)/g),
    ...text.matchAll(/openssl .*?-keyout ([\w./-]+)/g),
    ...text.matchAll(/openssl (?:genpkey|genrsa|ecparam) .*?-out ([\w./-]+)/g),
  ]);
  return [...new Set(written.map(([, file = '']) => file))];
}

test('git ignores the private keys that documented commands write into the checkout', async () => {
  const files = await keyFiles();
  expect(files).toContain('billing.pem');
  expect(files).toContain('meter.key');
  const others = ['key.pem', 'private.key', 'dpop.jwk', 'docs/key.pem', '.countersign/tls/a.key'];
  const wanted = [...files, ...others];
  expect((await git('check-ignore', ...wanted)).trimEnd().split('\n')).toEqual(wanted);
});

test('git ignores nothing that the repository has', async () => {
  expect(await git('ls-files', '--cached', '--ignored', '--exclude-standard')).toBe('');
});
