import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'countersign-example-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the owner's imports are in the checkout. */
const entries: Readonly<Record<string, string>> = {
  'countersign/guard': join(root, 'functions/authorizer/guard/index.ts'),
  'countersign/testing': join(root, 'testing/index.ts'),
};

// The blocks of the page that have a file's name.
const page = readFileSync(join(root, 'docs/test-your-api.md'), 'utf8');
const files = [...page.matchAll(/^```ts (\S+)\n([\s\S]*?)^```/gm)].map(
  ([, name = '', text = '']) => ({ name, text }),
);
for (const { name, text } of files) {
  const source = text.replace(/'(countersign\/\w+)'/g, (_, entry) => `'${entries[entry]}'`);
  writeFileSync(join(folder, name), source);
}
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
const tsconfig = { extends: join(root, 'tsconfig.json'), include: ['*.ts'] };
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));

const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, args, { cwd: folder });

test('the example of docs/test-your-api.md runs, with node:test', async () => {
  expect(files.map(({ name }) => name)).toEqual(['orders.ts', 'orders.test.ts']);
  const { stdout } = await run('--test', '--test-reporter=tap', 'orders.test.ts');
  expect(stdout).toMatch(/^# pass 13$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});

test('the example of docs/test-your-api.md is right by its types', async () => {
  const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
  const checked = run(join(tsc, '../bin/tsc'), '--pretty', 'false');
  await expect(checked).resolves.toEqual({ stdout: '', stderr: '' });
});
