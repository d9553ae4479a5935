import { expect, test } from 'vitest';
import { inProcess } from './command.ts';
import { cost } from './cost-bill.ts';

test.for(['10000000', '10_000_000', '10e6', '1e7', '1.0e+7', '10M', '10000k', '0.01G'])(
  '%s are ten million',
  async (tokens) => {
    const { workload } = await cost('--tokens-per-month', tokens);
    expect(workload.tokens_per_month).toBe(10_000_000);
  },
);

test('--json is one JSON value, with what was asked and what was assumed', async () => {
  const asked = ['--clients', '5k', '--alg', 'ES256', '--auth', 'assertion'];
  expect(await cost('--tokens-per-month', '1M', ...asked)).toMatchObject({
    region: 'us-east-1',
    currency: 'USD',
    prices_collected_on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    workload: {
      tokens_per_month: 1_000_000,
      clients: 5000,
      alg: 'ES256',
      signing: 'kms',
      requests_per_signature: 1,
      client_cache_hits: 0,
      auth: 'assertion',
      dpop: false,
      authorizers: 0,
      revocation_max_age: 5,
      read_revocation_table: false,
    },
    assumed: { processor: { aws_call: 0.7 } },
    request_time: { basis: 'estimated' },
  });
});

test('--help has examples and the global options', async () => {
  const { exitCode, stdout, stderr } = await inProcess(['cost', '--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain('  $ countersign cost --tokens-per-month 10e6');
  expect(stdout).toContain('--json');
});

const count = /^a count is a whole number from 1 to 10e12, written /;
const factor = /^requests per signature are a number of 1 or more/;
const share = /^a share is a number from 0 to 1/;
const milliseconds = /^milliseconds are a number above 0, such as 21\.5$/;
const million = ['--tokens-per-month', '1M'];

const wrong: readonly (readonly [string, readonly string[], string | RegExp])[] = [
  ['no tokens at all', [], /required option '--tokens-per-month <count>' not specified/],
  ...[
    '0',
    '-5',
    '1.5',
    'NaN',
    'Infinity',
    'many',
    '',
    ' ',
    '10,000',
    '1__0',
    '_1',
    '10e',
    '10m',
    '0x10',
    '1e400',
    '1e14',
  ].map((text) => [`${text || 'nothing'} tokens`, [`--tokens-per-month=${text}`], count] as const),
  ['half a client', [...million, '--clients', '0.5'], count],
  ['no client', [...million, '--clients', '0'], count],
  [
    'an unknown Region',
    [...million, '--region', 'eu-north-1'],
    'prices are known for us-east-1, eu-west-1, eu-central-1, and not for eu-north-1',
  ],
  ['an unknown algorithm', [...million, '--alg', 'HS256'], /Allowed choices are RS256, PS256/],
  [
    'an unknown way to sign',
    [...million, '--signing', 'local'],
    /Allowed choices are kms, kms-wrapped/,
  ],
  ['an unknown method', [...million, '--auth', 'none'], /Allowed choices are secret, assertion/],
  ['less than a request a signature', [...million, '--requests-per-signature', '0.9'], factor],
  ['no number of requests', [...million, '--requests-per-signature', 'ten'], factor],
  ['a share above one', [...million, '--client-cache-hits', '1.01'], share],
  ['a share in percent', [...million, '--client-cache-hits', '90%'], share],
  ['a negative share', [...million, '--client-cache-hits=-0.1'], share],
  ['no time at all', [...million, '--billed-ms', '0'], milliseconds],
  ['a time with its unit', [...million, '--billed-ms', '21ms'], milliseconds],
  ['more time than Lambda gives', [...million, '--billed-ms', '900001'], milliseconds],
  [
    'ML-DSA wrapped',
    [...million, '--signing', 'kms-wrapped', '--alg', 'ML-DSA-44'],
    'KMS makes no wrapped key pair for ML-DSA-44',
  ],
  [
    'bound tokens used again',
    [...million, '--dpop', '--requests-per-signature', '10'],
    /^a token that is bound to a key by DPoP is not used again/,
  ],
  ['instances below none', [...million, '--authorizers=-1'], /^instances are a number, such as/],
  [
    'no age at all',
    [...million, '--revocation-max-age', '0'],
    /^seconds are a number of 1 or more/,
  ],
  [
    'a table that nobody reads',
    [...million, '--read-revocation-table'],
    /^--read-revocation-table goes with --authorizers/,
  ],
  ['an operand', [...million, '10M'], /too many arguments/],
];

test.for(wrong)('%s: exit code 2, and one sentence', async ([, parameters, sentence]) => {
  const { exitCode, stdout, stderr } = await inProcess(['cost', ...parameters, '--json']);
  const [, said, ...more] = /^error: (.*)\n$/.exec(stderr) ?? [];
  expect({ exitCode, stdout, more }).toEqual({ exitCode: 2, stdout: '', more: [] });
  expect(said).toMatch(sentence);
});
