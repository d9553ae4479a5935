import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const processGroup = join(import.meta.dirname, '../deploy/ministack/process-group.ts');

test('a group ends with the process that started it, though that was killed', async () => {
  const script = `
    import { startGroup } from '${processGroup}';
    startGroup('sh', ['-c', 'sleep 600; exit'], {
      stdio: ['ignore', 'inherit', 'ignore'],
      stop: new AbortController().signal,
    });
    process.stdout.write('started');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  expect(String((await once(child.stdout, 'data'))[0])).toBe('started');
  child.kill('SIGKILL');
  // Whoever is left in the group has its output open.
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
});
