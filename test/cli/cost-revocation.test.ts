import { describe, expect, test } from 'vitest';
import { about, amounts, cost, costText, type Line, lineOf } from './cost-bill.ts';

/** The figures here are worked out by hand from list prices, not by the code. */

const twenty = ['--tokens-per-month', '10M', '--authorizers', '20'];

describe('twenty busy authorizers that look every five seconds', () => {
  const fetches = (20 * 730 * 3600) / 5;
  const milliseconds = (0.5 + 0.7 + 1.5) / (512 / 1769) + 5;
  const waited = (wait: number) => about(((fetches * wait) / 1000) * 0.5 * 0.0000133334);

  test('each line is its quantity times its price', async () => {
    const { revocation } = await cost(...twenty);
    expect(amounts(revocation)).toEqual({
      'Revocation list, HTTP API': about((fetches * 1) / 1e6),
      'Revocation list, Lambda requests': about((fetches * 0.2) / 1e6),
      'Revocation list, Lambda time': about(((fetches * milliseconds) / 1000) * 0.5 * 0.0000133334),
      // One instance publishes: once a second.
      'Revocation list, DynamoDB': about((730 * 3600 * 0.125) / 1e6),
      // Every 30 seconds.
      'Revocation list, KMS Sign, RS256': about((730 * 120 * 0.03) / 1e4),
      'Revocation list, access log': about(((fetches * 198) / 1e9) * 0.5),
      'Revocation list, log stored': about(((fetches * 198) / 1e9) * 12 * 0.15 * 0.03),
      // The whole list in one of six answers.
      'Revocation list, answers': about((fetches / 1e9) * ((2500 + 5 * 600) / 6) * 0.09),
      // A request waits for each: as long as the publisher takes, and 10 ms on the way.
      'Authorizers, Lambda time': waited(milliseconds + 10),
    });
  });

  test('the total is more by as much, and a million tokens costs the same', async () => {
    const [without, { revocation, total, tokens, idle, per_million_tokens }] = await Promise.all([
      cost('--tokens-per-month', '10M'),
      cost(...twenty),
    ]);
    expect(revocation.amount).toBeCloseTo(
      revocation.lines.reduce((sum: number, { amount }: Line) => sum + amount, 0),
      9,
    );
    expect(total).toBeCloseTo(tokens.amount + idle.amount + revocation.amount, 9);
    expect(total - without.total).toBeCloseTo(revocation.amount, 9);
    expect(per_million_tokens).toBe(without.per_million_tokens);
    expect(without).not.toHaveProperty('revocation');
  });

  test('half as often costs half as many fetches', async () => {
    const { revocation } = await cost(...twenty, '--revocation-max-age', '10');
    expect(lineOf(revocation, 'Revocation list, HTTP API')?.quantity).toBe(fetches / 2);
  });

  test('where instances sign by themselves, the list takes no KMS, either', async () => {
    const { revocation } = await cost(...twenty, '--signing', 'kms-wrapped');
    expect(Object.keys(amounts(revocation)).join()).not.toContain('KMS');
  });

  test('reading the table takes a read unit each time, and a request waits for it', async () => {
    const { revocation } = await cost(...twenty, '--read-revocation-table');
    expect(amounts(revocation)).toEqual({
      'Revocations, DynamoDB': about((fetches * 0.125) / 1e6),
      'Authorizers, Lambda time': waited(0.7 / (512 / 1769) + 5),
    });
  });
});

test('one authorizer that looks once an hour costs no more reads and signatures than fetches', async () => {
  const { revocation } = await cost(
    ...['--tokens-per-month', '10M', '--authorizers', '1', '--revocation-max-age', '3600'],
  );
  const quantity = (what: string) => lineOf(revocation, what)?.quantity;
  expect(quantity('Revocation list, DynamoDB')).toBe(730);
  expect(quantity('Revocation list, KMS Sign, RS256')).toBe(730);
});

test('people see its part, and what is assumed of it', async () => {
  const text = await costText(...twenty);
  expect(text).toMatch(/^Revocation {2,}\$17\.94 *$/m);
  expect(text).toMatch(
    /^- A busy authorizer fetches the revocation list as often as its age allows/m,
  );
  expect(text).toMatch(/^- A request waits for each fetch, .* and 10 ms on the way;/m);
  const without = await costText('--tokens-per-month', '10M');
  expect(without).not.toMatch(/revocation/i);
});
