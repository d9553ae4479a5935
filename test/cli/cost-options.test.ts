import { describe, expect, test } from 'vitest';
import { amounts, cost, costText, lineOf } from './cost-bill.ts';

/** What ten million tokens cost by each option, for the lines that it changes. */
const options: readonly (readonly [string, readonly string[], Readonly<Record<string, number>>])[] =
  [
    ['ES256', ['--alg', 'ES256'], { 'KMS Sign, ES256': 150, Answers: 9.86 * 0.09 }],
    ['EdDSA', ['--alg', 'EdDSA'], { 'KMS Sign, EdDSA': 150, Answers: 9.86 * 0.09 }],
    ['PS256', ['--alg', 'PS256'], { 'KMS Sign, PS256': 30, Answers: 12.42 * 0.09 }],
    ['ML-DSA', ['--alg', 'ML-DSA-44'], { 'KMS Sign, ML-DSA-44': 150, Answers: 41.27 * 0.09 }],
    ['kms-wrapped', ['--signing', 'kms-wrapped'], { 'KMS Decrypt': 10 * 0.03 }],
    ['ten requests a signature', ['--requests-per-signature', '10'], { 'KMS Sign, RS256': 3 }],
    ['half a signature', ['--requests-per-signature', '2.5'], { 'KMS Sign, RS256': 12 }],
    [
      'a cache that has nine in ten',
      ['--client-cache-hits', '0.9'],
      { 'DynamoDB, clients': 0.0625 },
    ],
    ['assertions', ['--auth', 'assertion'], { 'DynamoDB, used jti': 6.25 }],
    ['DPoP', ['--dpop'], { 'DynamoDB, used jti': 6.25 }],
    ['both', ['--dpop', '--auth', 'assertion'], { 'DynamoDB, used jti': 12.5 }],
    [
      'Ireland',
      ['--region', 'eu-west-1'],
      {
        'HTTP API': 11.1,
        'DynamoDB, clients': 0.7075,
        'Logs, audit': 4.58 * 0.57,
        'KMS Sign, RS256': 30,
      },
    ],
    [
      'Frankfurt',
      ['--region', 'eu-central-1', '--dpop'],
      { 'HTTP API': 12, 'DynamoDB, used jti': 7.625, 'Logs, access': 1.98 * 0.63 },
    ],
  ];

test.for(options)('%s: its lines cost what they should', async ([, parameters, lines]) => {
  const { tokens } = await cost('--tokens-per-month', '10M', ...parameters);
  for (const [what, amount] of Object.entries(lines)) {
    expect(lineOf(tokens, what)?.amount, what).toBeCloseTo(amount, 6);
  }
});

describe('the time of a request', () => {
  const share = 512 / 1769;
  const coldStart = 0.01 * 150;
  const wrapped = ['--signing', 'kms-wrapped'];
  test.for<[string, readonly string[], number]>([
    ['two calls of AWS', [], (0.5 + 2 * 0.7 + coldStart) / share + 5 + 20],
    [
      'one, where each client is cached',
      ['--client-cache-hits', '1'],
      (0.5 + 0.7 + coldStart) / share + 20,
    ],
    [
      'a tenth of one and the work of a signature, where a key is unwrapped',
      [...wrapped, '--client-cache-hits', '0.9'],
      (0.5 + 0.1 * 0.7 + 0.8 + coldStart) / share + 0.1 * 5,
    ],
    [
      'less work, where the key is of a curve and two requests share a signature',
      [...wrapped, '--alg', 'ES256', '--requests-per-signature', '2'],
      (0.5 + 0.7 + 0.05 + coldStart) / share + 5,
    ],
    [
      'two more, and as many verifications, for an assertion and a proof',
      ['--auth', 'assertion', '--dpop'],
      (0.5 + 4 * 0.7 + 2 * 0.5 + coldStart) / share + 3 * 5 + 20,
    ],
  ])('is estimated: %s', async ([, parameters, milliseconds]) => {
    const { request_time } = await cost('--tokens-per-month', '10M', ...parameters);
    expect(request_time).toEqual({
      milliseconds: expect.closeTo(milliseconds, 9),
      basis: 'estimated',
    });
  });

  test('is what was measured, where somebody says so', async () => {
    const measured = ['--tokens-per-month', '10M', '--billed-ms', '21.5'];
    const { request_time, tokens } = await cost(...measured);
    expect(request_time).toEqual({ milliseconds: 21.5, basis: 'measured' });
    expect(lineOf(tokens, 'Lambda, time')?.amount).toBeCloseTo(10 * 21.5 * 0.5 * 0.0133334, 9);
    const text = await costText(...measured);
    expect(text).toMatch(
      /^- Lambda bills 21\.5 ms for a token request, cold starts included: measured, says --billed-ms\.$/m,
    );
    expect(text).not.toContain('The estimate');
  });
});

test('what does not happen has no line', async () => {
  const plain = amounts((await cost('--tokens-per-month', '10M')).tokens);
  expect(plain).not.toHaveProperty('DynamoDB, used jti');
  const cached = amounts(
    (await cost('--tokens-per-month', '10M', '--client-cache-hits', '1')).tokens,
  );
  expect(cached).not.toHaveProperty('DynamoDB, clients');
});

test.for([
  ['RS256', 0.0012],
  ['ES256', 0.00001],
] as const)('kms-wrapped, %s: one wrapping key, and a key pair every 90 days', async (row) => {
  const [algorithm, perPair] = row;
  const wrapped = ['--signing', 'kms-wrapped', '--alg', algorithm];
  const { tokens, idle } = await cost('--tokens-per-month', '10M', ...wrapped);
  expect(idle.lines).toContainEqual(
    expect.objectContaining({ what: 'KMS key, wrapping', amount: 1 }),
  );
  expect(lineOf(idle, 'KMS key pairs')?.amount).toBeCloseTo((730 / 24 / 90) * perPair, 9);
  expect(amounts(tokens)).not.toHaveProperty(`KMS Sign, ${algorithm}`);
});

describe('people see', () => {
  test('a row a line, idle cost apart, the total, Cognito, and how many times as much', async () => {
    const text = await costText('--tokens-per-month', '10_000_000', '--clients', '5');
    expect(text).toMatch(
      /^Tokens a month: 10,000,000, in us-east-1, signed with RS256 \(signing: kms\)\.\n/,
    );
    const rows = [
      /^ +QUANTITY +UNIT PRICE +AMOUNT +PRICE FROM$/m,
      /^ {2}HTTP API +10,000,000 requests +\$1\.00 \/ 1,000,000 +\$10\.00 +https:\/\/aws\.amazon\.com\/api-gateway\/pricing\/$/m,
      /^ {2}KMS Sign, RS256 +10,000,000 requests +\$0\.03 \/ 10,000 +\$30\.00 +https:\S+ \(quoted\)$/m,
      /^ {2}Logs, audit +4\.58 GB +\$0\.50 +\$2\.29 +https:\S+ \(quoted\)$/m,
      /^ {2}Key rotation, alarms +2 alarms +\$0\.10 +\$0\.20 /m,
      /^ {2}Registry, stored .* under \$0\.01 /m,
      /^TOTAL +\$52\.10$/m,
      /^\$5\.00 for each million of these tokens; \$2\.08 a month for none at all\.$/m,
      /^ {2}Tokens .* \$2\.25, then \$1\.50, then \$1\.125 \/ 1,000 +\$13,312\.50 /m,
      /^Cognito costs 256 times as much\.$/m,
      /^App clients, if Cognito still charges for them: \$30\.00 more/m,
    ];
    for (const row of rows) expect(text).toMatch(row);
  });

  test('what is assumed, behind the price and below the table', async () => {
    const text = await costText('--tokens-per-month', '10M', '--region', 'eu-west-1');
    expect(text).toMatch(/^ {2}Registry, stored .* \(assumed\)$/m);
    expect(text).toMatch(
      /^- Lambda bills 36\.7 ms for a token request, .*: estimated\. --billed-ms/m,
    );
    expect(text).toMatch(/^- The estimate: the processor works 0\.5 ms for a request, /m);
    expect(text).toMatch(/^- Not counted: free tiers/m);
  });

  test('that Cognito costs less, where it does', async () => {
    const { cognito_ratio } = await cost('--tokens-per-month', '100');
    expect(cognito_ratio).toBeCloseTo(0.225 / 2.0836, 3);
    expect(await costText('--tokens-per-month', '100')).toMatch(
      /^Cognito costs 0\.108 times as much\.$/m,
    );
  });
});
