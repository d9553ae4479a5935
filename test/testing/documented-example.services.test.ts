import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'countersign-example-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** What the owner's imports are in the checkout. */
const entries: Readonly<Record<string, string>> = {
  'countersign/guard': join(root, 'functions/authorizer/guard/index.ts'),
  'countersign/testing': join(root, 'testing/index.ts'),
};

/** Writes the blocks of a page that have a file's name into a folder. */
function example(page: string) {
  const folder = mkdtempSync(join(scratch, 'page-'));
  const text = readFileSync(join(root, page), 'utf8');
  const files = [...text.matchAll(/^```[jt]s (\S+)\n([\s\S]*?)^```/gm)];
  for (const [, name = '', block = ''] of files) {
    const source = block.replace(/'(countersign\/\w+)'/g, (_, entry) => `'${entries[entry]}'`);
    writeFileSync(join(folder, name), source);
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const tsconfig = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { allowJs: true, checkJs: true },
    include: ['*.ts', '*.mjs'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, args, { cwd: folder });
  return { names: files.map(([, name]) => name), run };
}

const examples = [
  { page: 'docs/test-your-api.md', files: ['orders.ts', 'orders.test.ts'], passed: 13 },
  { page: 'docs/claims.md', files: ['claims.mjs', 'claims.test.ts'], passed: 3 },
];

describe.for(examples)('the example of $page', ({ page, files, passed }) => {
  const { names, run } = example(page);

  test('runs, with node:test', async () => {
    expect(names).toEqual(files);
    const { stdout } = await run('--test', '--test-reporter=tap', String(files.at(-1)));
    expect(stdout).toMatch(new RegExp(`^# pass ${passed}$`, 'm'));
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  test('is right by its types', async () => {
    const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
    const checked = run(join(tsc, '../bin/tsc'), '--pretty', 'false');
    await expect(checked).resolves.toEqual({ stdout: '', stderr: '' });
  });
});
