import { env } from 'node:process';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { WriteStream } from 'node:tty';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { runProgram } from '../../cli/program.ts';

/** What stands out on a terminal, and nowhere else. */

const esc = '\u001b';

async function run(parameters: readonly string[], isTTY: boolean) {
  const { getColorDepth } = WriteStream.prototype;
  const stream = () => Object.assign(new PassThrough(), { isTTY, getColorDepth });
  const [output, notes] = [stream(), stream()];
  const terminal = { input: Readable.from(['']), output, notes };
  const commandLine = { terminal, program: 'countersign', now: () => 0 };
  const interruption = () => new AbortController().signal;
  await runProgram({ ...commandLine, interruption }, parameters);
  output.end();
  notes.end();
  return { stdout: await text(output), stderr: await text(notes) };
}

afterEach(() => vi.unstubAllEnvs());

/** Of nothing but these variables: Node asks many whether a terminal has colours, `CI` among them. */
function environment(variables: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(env)) vi.stubEnv(name, undefined);
  vi.stubEnv('TERM', 'xterm-256color');
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

describe.for([
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['a terminal that is dumb', true, { TERM: 'dumb' }, false],
  ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
  ['a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
] as const)('%s', ([, isTTY, variables, isColoured]) => {
  test('error: is red, and what follows plain', async () => {
    environment(variables);
    const { stderr } = await run(['clients'], isTTY);
    const word = isColoured ? `${esc}[31merror:${esc}[39m` : 'error:';
    expect(stderr).toBe(`${word} unknown command 'clients' (Did you mean client?)\n`);
  });

  test('headings of the help are bold', async () => {
    environment(variables);
    const { stdout } = await run(['--help'], isTTY);
    expect(stdout).toContain(isColoured ? `${esc}[1mOptions:${esc}[22m` : '\nOptions:\n');
    expect(stdout.includes(esc)).toBe(isColoured);
  });

  test('JSON is never coloured', async () => {
    environment(variables);
    const { stdout, stderr } = await run(['clients', '--json'], isTTY);
    expect(stdout + stderr).not.toContain(esc);
    expect(JSON.parse(stderr)).toMatchObject({ error: 'wrong_usage' });
  });
});
