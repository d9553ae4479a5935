import { describe, expect, test } from 'vitest';
import { about, amounts, cost, type Line, lineOf } from './cost-bill.ts';

/** The figures here are worked out by hand from list prices, not by the code. */

describe('ten million tokens with RS256 in us-east-1', () => {
  test('each line is its quantity times its price', async () => {
    const { tokens } = await cost('--tokens-per-month', '10e6');
    expect(amounts(tokens)).toEqual({
      'HTTP API': about(10 * 1),
      'Lambda, requests': about(10 * 0.2),
      // 512 of 1769 parts of a vCPU for 0.5 ms, two calls of AWS, and one cold start in a hundred; two answers.
      'Lambda, time': about(
        10e6 *
          ((0.0005 + 2 * 0.0007 + 0.01 * 0.15) / (512 / 1769) + 0.005 + 0.02) *
          0.5 *
          0.0000133334,
      ),
      'DynamoDB, clients': about((10 / 2) * 0.125),
      // One instance, ten of them every 30 seconds.
      'DynamoDB, resource servers': about((730 * 120 * 10 * 0.125) / 2 / 1e6),
      // Once a minute.
      'DynamoDB, key ring': about((730 * 60 * 0.125) / 1e6),
      // A block for each instance that starts, and for each 1024 tokens.
      'DynamoDB, token numbers': about((10 / 100 + 10 / 1024) * 0.625),
      // Ten clients an hour, and one for each instance that starts.
      'DynamoDB, last use': about(((730 * 10) / 1e6 + 10 / 100) * 0.625),
      'KMS Sign, RS256': about(1000 * 0.03),
      'Logs, audit': about(((432 + 26) / 100) * 0.5),
      'Logs, access': about(((172 + 26) / 100) * 0.5),
      'Logs, stored': about(((432 + 26 + 172 + 26) / 100) * 12 * 0.15 * 0.03),
      Answers: about(((900 + 342) / 100) * 0.09),
    });
  });

  test.for<[string, readonly string[], number]>([
    ['with RS256', [], 5.01],
    ['with wrapped keys', ['--signing', 'kms-wrapped', '--client-cache-hits', '0.9'], 1.81],
  ])('a million of them costs no more than it is meant to, %s', async ([, parameters, most]) => {
    const { per_million_tokens } = await cost('--tokens-per-month', '10e6', ...parameters);
    expect(per_million_tokens).toBeLessThanOrEqual(most);
  });

  test('idle cost is apart: keys, the key rotation, secrets that end and the registry', async () => {
    const { idle } = await cost('--tokens-per-month', '10e6', '--clients', '1M');
    const runs = 730 * 12;
    expect(amounts(idle)).toEqual({
      // One key, and another for 28.5 hours of every 90 days.
      'KMS keys, signing': about(1 + 28.5 / (90 * 24)),
      'KMS DescribeKey': about(runs * (1 + 28.5 / (90 * 24)) * 0.000003),
      'Key rotation, schedule': about(runs * 0.000001),
      'Key rotation, Lambda requests': about(runs * 0.0000002),
      'Key rotation, Lambda time': about(runs * 0.5 * 0.5 * 0.0000133334),
      'Key rotation, DynamoDB': about(runs * 0.000000125),
      'Key rotation, log': about(((runs * 526) / 1e9) * 0.5),
      'Key rotation, metric': about(0.3),
      'Key rotation, alarms': about(0.2),
      // Half a unit a client, twice a day.
      'Secrets that end, DynamoDB': about((730 / 12) * 0.5 * 0.125),
      'Secrets that end, metric': about(0.3),
      'Secrets that end, alarm': about(0.1),
      'History, alarm': about(0.1),
      // 2 KiB a client.
      'Registry, stored': about(2.048 * 0.25),
      'Registry, point-in-time recovery': about(2.048 * 0.2),
    });
  });

  test('the sums are those of their lines', async () => {
    const { tokens, idle, total, per_million_tokens } = await cost('--tokens-per-month', '10e6');
    for (const { lines, amount } of [tokens, idle]) {
      expect(amount).toBeCloseTo(
        lines.reduce((sum: number, line: Line) => sum + line.amount, 0),
        9,
      );
    }
    expect(total).toBeCloseTo(tokens.amount + idle.amount, 9);
    expect(per_million_tokens).toBeCloseTo(tokens.amount / 10, 9);
  });

  test('Cognito stands beside it, its fee for app clients in no sum', async () => {
    const { cognito, cognito_app_clients, cognito_ratio, total } = await cost(
      '--tokens-per-month',
      '10e6',
      '--clients',
      '7',
    );
    expect(cognito.amount).toBeCloseTo(250 * 2.25 + 4750 * 1.5 + 5000 * 1.125, 6);
    expect(cognito_ratio).toBeCloseTo(13_312.5 / total, 9);
    expect(cognito_app_clients).toMatchObject({ amount: 42, basis: 'assumed' });
  });
});

describe('a price that falls holds for what lies beyond its threshold', () => {
  test.for([
    ['1', 0.000001, [1]],
    ['300M', 300, [1]],
    ['300_000_001', 300.0000009, [1, 0.9]],
    ['400M', 300 * 1 + 100 * 0.9, [1, 0.9]],
  ] as const)('HTTP API, %s requests', async ([tokens, amount, unit_prices]) => {
    const bill = await cost('--tokens-per-month', tokens);
    expect(lineOf(bill.tokens, 'HTTP API')).toMatchObject({
      amount: expect.closeTo(amount, 8),
      unit_prices,
    });
  });

  test.for([
    ['250k', 562.5, [2.25]],
    ['250_001', 562.5015, [2.25, 1.5]],
    ['1M', 562.5 + 750 * 1.5, [2.25, 1.5]],
    ['5M', 562.5 + 4750 * 1.5, [2.25, 1.5]],
    ['6M', 562.5 + 4750 * 1.5 + 1000 * 1.125, [2.25, 1.5, 1.125]],
  ] as const)('Cognito, %s tokens', async ([tokens, amount, unit_prices]) => {
    const { cognito } = await cost('--tokens-per-month', tokens);
    expect(cognito.lines).toMatchObject([{ amount: expect.closeTo(amount, 8), unit_prices }]);
  });

  test('audit log, through all four tiers', async () => {
    const { tokens } = await cost('--tokens-per-month', '200G');
    const gigabytes = 200 * 458;
    const beyond = (gigabytes - 51_200) * 0.05;
    expect(lineOf(tokens, 'Logs, audit')).toMatchObject({
      amount: about(10_240 * 0.5 + 20_480 * 0.25 + 20_480 * 0.1 + beyond),
      unit_prices: [0.5, 0.25, 0.1, 0.05],
    });
  });
});
