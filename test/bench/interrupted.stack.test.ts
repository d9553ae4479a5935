import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';

test('Ctrl-C ends npm run bench -- cold, and leaves no temporary folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bench = spawn(process.execPath, ['test/bench/bench.ts', '--out', folder, 'cold'], {
    env: { TMPDIR: folder },
    stdio: 'ignore',
  });
  const exit = once(bench, 'exit');
  await vi.waitUntil(async () => (await readdir(folder)).length > 0, { timeout: 30_000 });
  bench.kill('SIGINT');
  expect(await exit).toEqual([130, null]);
  expect(await readdir(folder)).toEqual([]);
});
