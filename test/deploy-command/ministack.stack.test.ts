import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startMinistack } from '../deploy/ministack/ministack.ts';
import { scratchDirectory, shellScript } from './fake-python.ts';

test('an emulator that ends at once is reported with the end of its log', async () => {
  const directory = await scratchDirectory();
  const python = await shellScript(join(directory, 'python'), 'echo no such module; exit 1');
  const stop = new AbortController().signal;
  const start = startMinistack({ python, directory, environment: {}, stop });
  await expect(start).rejects.toThrow(/^MiniStack did not start\. .+:\nno such module$/);
});

test('an interruption while it starts is no failure of the emulator', async () => {
  const directory = await scratchDirectory();
  const python = await shellScript(join(directory, 'python'), 'exec sleep 60');
  const stop = new AbortController();
  const start = startMinistack({ python, directory, environment: {}, stop: stop.signal });
  stop.abort(new Error('Ctrl-C'));
  await expect(start).rejects.toThrow('Ctrl-C');
});
