import { expect, test } from 'vitest';
import { inOwnProcess } from './command/own-process.ts';

const plan = { warmUp: 0, rounds: 2, requests: 1 };

test('a bench in a process of its own tells its report, with every round', async () => {
  const { node, tables } = await inOwnProcess({ name: 'dpop', plan, label: 'dpop' });
  expect(node).toBe(process.version);
  expect(tables.length).toBeGreaterThan(0);
  for (const { measured } of tables) {
    for (const [row, rounds] of measured) expect(rounds, row).toHaveLength(2);
  }
});

test('a bench that fails says so', async () => {
  const failing = inOwnProcess({ name: 'none', plan, label: 'none' });
  await expect(failing).rejects.toThrow('the bench none has failed');
});
