import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { CliError } from '../../cli/io/cli-error.ts';
import { readOptions } from './options.ts';

const issuer = ['--issuer', 'https://auth.example.com'];

describe('wrong usage is refused in one sentence:', () => {
  test.for<[what: string, parameters: readonly string[], sentence: RegExp]>([
    ['no issuer', [], /^required option '--issuer <url>' not specified$/],
    ['an issuer that is no URL', ['--issuer', 'auth'], /^an issuer is an https URL/],
    ['an issuer by plain http', ['--issuer', 'http://a.example'], /^an issuer is an https URL/],
    ['an issuer with a query', ['--issuer', 'https://a.example?b'], /^an issuer is an https URL/],
    ['an option without its value', ['--issuer'], /argument missing/],
    ['an unknown option', [...issuer, '--onyl', 'A'], /--onyl'.*Did you mean --only\?/s],
    ['an argument', [...issuer, 'A'], /too many arguments/],
    ['an API that is no URL', [...issuer, '--api', 'api'], /^an API is an https URL without/],
    ['an API by plain http', [...issuer, '--api', 'http://a.example'], /^an API is/],
    ['an API with a password', [...issuer, '--api', 'https://u:p@a.example'], /^an API is/],
    ['an API by another scheme', [...issuer, '--api', 'ftp://a.example'], /^an API is/],
    ['two registries', [...issuer, '--local', '--stack', 'X'], /cannot be used with option/],
    [
      'a local one in a region',
      [...issuer, '--local', '--region', 'eu-west-1'],
      /cannot be used with/,
    ],
    ['a stack that has no such name', [...issuer, '--stack', '1'], /^a stack name is/],
    ['a region that has no such name', [...issuer, '--region', 'A B'], /^a region is/],
    ['rules in small letters', [...issuer, '--only', 'a'], /^rules are letters and numbers/],
    ['rules with one digit', [...issuer, '--only', 'A1'], /^rules are letters and numbers/],
    ['rules with a space', [...issuer, '--only', 'A, B'], /^rules are letters and numbers/],
    ['no rules', [...issuer, '--only', ''], /^rules are letters and numbers/],
    ['no time', [...issuer, '--limit', '0'], /^a limit is 1 to 999 seconds$/],
    ['a time with a unit', [...issuer, '--limit', '5s'], /^a limit is 1 to 999 seconds$/],
  ])('%s', ([, parameters, sentence]) => {
    const refusal = thrownBy(() => readOptions(parameters, () => undefined));
    expect(refusal).toBeInstanceOf(CliError);
    expect(refusal).toMatchObject({ exitCode: 2, message: expect.stringMatching(sentence) });
  });
});

test('what is not said has its default', () => {
  expect(readOptions(issuer, () => undefined)).toEqual({
    issuer: new URL('https://auth.example.com'),
    limit: 20,
  });
});

test('what is said is read', () => {
  const parameters = [
    ...issuer,
    ...['--api', 'https://api.example.com/a', '--api-resource', 'urn:api', '--stack', 'Auth'],
    ...['--region', 'eu-central-1', '--profile', 'p', '--only', 'A,D12', '--report', 'out'],
    ...['--known-failures', 'known.json', '--limit', '5', '--wait'],
  ];
  expect(readOptions(parameters, () => undefined)).toEqual({
    issuer: new URL('https://auth.example.com'),
    api: new URL('https://api.example.com/a'),
    apiResource: 'urn:api',
    stack: 'Auth',
    region: 'eu-central-1',
    profile: 'p',
    only: ['A', 'D12'],
    report: 'out',
    knownFailures: 'known.json',
    limit: 5,
    wait: true,
  });
});

test('--help shows every option and an example, and ends with 0', () => {
  let help = '';
  const end = thrownBy(() => readOptions(['--help'], (text) => (help += text)));
  expect(end).toBeInstanceOf(CommanderError);
  expect(end).toMatchObject({ exitCode: 0 });
  for (const option of ['--issuer', '--api', '--local', '--stack', '--only', '--report']) {
    expect(help).toContain(option);
  }
  expect(help).toMatch(/\$ npm run conformance -- --issuer \S+/);
});

describe('the command itself', () => {
  test.for<[what: string, parameters: readonly string[], exitCode: number, sentence: RegExp]>([
    ['is refused without an issuer', [], 2, /^error: required option '--issuer <url>'/],
    ['knows its rules', [...issuer, '--only', 'Z'], 2, /^error: there is no case for Z\n$/],
    [
      'needs the known failures that it is told of',
      [...issuer, '--known-failures', '/nowhere/known.json'],
      2,
      /^error: .*known\.json/,
    ],
    ['helps', ['--help'], 0, /^$/],
  ])('%s', async ([, parameters, exitCode, sentence]) => {
    const outcome = await command(parameters);
    expect(outcome).toEqual({ exitCode, stderr: expect.stringMatching(sentence) });
  });
});

const command = (parameters: readonly string[]) =>
  promisify(execFile)(process.execPath, ['test/conformance/conformance.ts', ...parameters]).then(
    ({ stderr }) => ({ exitCode: 0, stderr }),
    ({ code, stderr }) => ({ exitCode: code, stderr }),
  );

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
