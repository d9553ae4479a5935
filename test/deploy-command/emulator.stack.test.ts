import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { childEnvironment } from '../support/local-stack.ts';
import { scratchDirectory } from './fake-python.ts';

const emulator = join(import.meta.dirname, '../deploy/emulator.ts');
const project = join(import.meta.dirname, '../..');
const refusal = 'Error: AWS_ENDPOINT_URL names no emulator of AWS on this computer';

test.for([
  ['no endpoint', ''],
  ['an endpoint of AWS', 'https://dynamodb.us-east-1.amazonaws.com'],
  ['another computer', 'http://192.0.2.1:4566'],
  ['a name that begins like this computer', 'http://127.0.0.1.example:4566'],
  ['https, which no emulator has', 'https://127.0.0.1:4566'],
  ['what is no URL', '127.0.0.1:4566'],
])('the tests of a deployment refuse %s', async ([, AWS_ENDPOINT_URL = '']) => {
  const { code, stderr } = await run([emulator], { AWS_ENDPOINT_URL });
  expect(code).toBe(1);
  expect(stderr).toContain(refusal);
});

test('they take an emulator on this computer', async () => {
  const outcome = await run([emulator], { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' });
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
});

test('a test runner of its own runs none of them', async () => {
  const report = join(await scratchDirectory(), 'report.json');
  const vitest = join(project, 'node_modules/vitest/vitest.mjs');
  const options = [
    '--root',
    'test/deploy',
    '--no-cache',
    '--reporter=json',
    '--outputFile',
    report,
  ];
  const { code } = await run([vitest, 'run', ...options], { AWS_ENDPOINT_URL: '' });
  expect(code).toBe(1);
  const { numTotalTests, testResults } = JSON.parse(await readFile(report, 'utf8'));
  expect(numTotalTests).toBe(0);
  expect(testResults.length).toBeGreaterThan(0);
  for (const { message } of testResults) expect(message).toContain('names no emulator');
});

async function run(
  parameters: readonly string[],
  variables: { readonly AWS_ENDPOINT_URL: string },
) {
  const env = childEnvironment(variables);
  const child = spawn(process.execPath, parameters, { cwd: project, env });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}
