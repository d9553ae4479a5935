import { expect, test } from 'vitest';
import type { Preparation } from '../deploy/emulator-run.ts';
import { installAll } from '../tools/installation/all.ts';

const there = { title: 'One', install: async () => ({ WHERE: 'here' }) };
const absent = { title: 'Another', install: () => Promise.reject(new Error('no network')) };

function preparation(environment: NodeJS.ProcessEnv = {}, stop = new AbortController()) {
  const printed: string[] = [];
  const wanted: Preparation = {
    python: { command: 'python3', version: '3.12.3' },
    directory: '/tmp',
    environment,
    stop: stop.signal,
    held: new AsyncDisposableStack(),
    print: (line) => printed.push(line),
  };
  return { wanted, printed };
}

test('a tool that cannot be had is left out, which is said loudly, and the others are there', async () => {
  const { wanted, printed } = preparation();
  const variables = await installAll(wanted, [absent, there]);
  expect(variables).toEqual({ WHERE: 'here', LEFT_OUT: 'Another' });
  expect(printed).toEqual(['*** Another IS LEFT OUT: Error: no network']);
});

test('REQUIRE_TOOLS=1 makes that a failure', async () => {
  const { wanted } = preparation({ REQUIRE_TOOLS: '1' });
  await expect(installAll(wanted, [absent, there])).rejects.toThrow('no network');
});

test('a tool that an interruption kept from being installed is not left out', async () => {
  const stop = new AbortController();
  const { wanted, printed } = preparation({}, stop);
  stop.abort();
  await expect(installAll(wanted, [absent])).rejects.toThrow(stop.signal.reason);
  expect(printed).toEqual([]);
});
