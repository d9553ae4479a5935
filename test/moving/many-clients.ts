import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../interop/running/program.ts';
import { startTestStack } from '../support/local-stack.ts';

const resource = 'https://api.example.com';

/** Ten records, each wrong in a way of its own. */
const wrong: readonly object[] = [
  { client_id: 'has space' },
  { client_id: 'x'.repeat(201) },
  { client_secret: 'password' },
  { client_secret_hash: '$1$abc' },
  { client_secret_hash: `$pbkdf2-sha256$i=99999999,l=32$c2FsdA$${'A'.repeat(43)}` },
  { grants: { [resource]: 'a"b' } },
  { grants: { 'https://api.example.com/#part': 'read' } },
  { access_token_lifetime: 10 },
  { token_endpoint_auth_method: 'none' },
  { client_id: 'client-1' },
];

/**
 * Imports so many clients into a local stack, ten of which are wrong, and then once more.
 * @returns what the command said, and how long it took
 */
export async function manyImported(count: number, folder: string): Promise<string> {
  const clients = Array.from({ length: count }, (_, index) => ({
    client_id: `client-${index}`,
    client_name: `Client ${index}`,
    client_secret: randomBytes(32).toString('base64url'),
    grants: { [resource]: 'read' },
    ...wrongAt(index, count),
  }));
  const file = join(folder, 'clients.json');
  await writeFile(file, JSON.stringify({ clients }));
  const stack = await startTestStack();
  try {
    const first = await measured(stack.directory, file);
    const second = await measured(stack.directory, file);
    // Counts, memory and seconds; those that are refused are the same.
    return [...first, '', 'Once more:', ...second.slice(-3)].join('\n');
  } finally {
    await stack.stop();
  }
}

const wrongAt = (index: number, count: number): object | undefined =>
  index % (count / wrong.length) === 42 ? wrong[Math.floor(index / (count / wrong.length))] : {};

async function measured(directory: string, file: string): Promise<readonly string[]> {
  const before = performance.now();
  const { stdout, stderr } = await run({
    command: process.execPath,
    parameters: ['test/moving/measured-import.ts', '--from', 'json', file, '--local'],
    environment: { COUNTERSIGN_DIRECTORY: directory },
  });
  const seconds = ((performance.now() - before) / 1000).toFixed(1);
  const lines = `${stdout}${stderr}`.trim().split('\n');
  const shown = lines.filter((line) => !/^\+ |are done\.$/.test(line));
  return [...shown, `${seconds} s`];
}
