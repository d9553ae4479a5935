import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a program that is not there ends the run at once', async () => {
  const runner = join(import.meta.dirname, 'running', 'program.ts');
  const code = `
    const { run } = await import(${JSON.stringify(runner)});
    await run({ command: '/nonexistent', parameters: [] }).catch(({ code }) => console.log(code));
  `;
  const node = ['--input-type=module', '--eval', code];
  const { stdout } = await promisify(execFile)(process.execPath, node, { timeout: 30_000 });
  expect(stdout.trim()).toBe('ENOENT');
});
