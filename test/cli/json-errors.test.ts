import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { awsFailure } from '../../cli/command/aws-trouble.ts';
import { errorCodes } from '../../cli/io/error-codes.ts';
import { inProcessAsItIs } from './command.ts';

/** `--json` for what fails: one JSON object on standard error, nothing on standard output. */

describe('wrong usage', () => {
  test.for([
    [
      'an unknown command',
      ['clients', '--json'],
      "unknown command 'clients' (Did you mean client?)",
    ],
    [
      '--json in front',
      ['--json', 'client', 'lits'],
      "unknown command 'lits' (Did you mean list?)",
    ],
    ['an unknown option', ['client', 'list', '--json', '--x'], "unknown option '--x'"],
    ['no command', ['--json'], 'a command is missing'],
    ['no subcommand', ['client', '--json'], 'a command is missing'],
    ['a missing operand', ['client', 'show', '--json'], "missing required argument 'id'"],
    ['a wrong value', ['client', 'show', 'a b', '--json'], /^a client_id is 1 to 200/],
  ] as const)('%s', async ([, parameters, message]) => {
    const { exitCode, stdout, stderr } = await inProcessAsItIs(parameters);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stderr)).toEqual({
      error: 'wrong_usage',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  test('a hint is a command to paste', async () => {
    const { stderr } = await inProcessAsItIs(['key', 'revoke', 'x', '--stack', 'Mine', '--json']);
    expect(JSON.parse(stderr)).toMatchObject({ hint: 'countersign key list --stack Mine' });
  });

  test('--json behind -- is an operand', async () => {
    const { stderr } = await inProcessAsItIs(['client', 'show', '--', '--json']);
    expect(stderr).toMatch(/^error: a client_id is/);
  });

  test('help and version stay as they are', async () => {
    const { exitCode, stdout, stderr } = await inProcessAsItIs(['--json', '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: countersign /);
  });
});

test.for([
  ['ExpiredToken', '', 'credentials_expired'],
  ['InvalidClientTokenId', '', 'credentials_rejected'],
  ['Throttling', '', 'throttled'],
  ['AccessDeniedException', 'not authorized', 'access_denied'],
  ['CredentialsProviderError', 'Could not load credentials from any providers', 'no_credentials'],
  ['Error', 'Region is missing', 'no_region'],
  ['TimeoutError', '', 'unreachable'],
  ['ResourceNotFoundException', '', 'not_a_deployment'],
  ['SomethingNew', 'what it says', 'failed'],
] as const)('%s of the SDK is told as %3$s', ([name, message, code]) => {
  const error = Object.assign(new Error(message), { name });
  expect(awsFailure(error)).toMatchObject({ code });
});

test('the documents list every code, and what it means', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (.+) \|$/gm)].map(([, code, text]) => [
    code,
    text,
  ]);
  expect(rows.filter(([code = '']) => code in errorCodes)).toEqual(Object.entries(errorCodes));
});
