import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { judge, readKnownFailures } from './known-failures.ts';
import type { CaseResult, Verdict } from './suite.ts';

const directory = await mkdtemp(join(tmpdir(), 'known-failures-'));
afterAll(() => rm(directory, { recursive: true }));

const cases = [
  { rule: 'A01', title: 'POST only' },
  { rule: 'A01', title: 'no fragment' },
];

async function read(content: string) {
  const file = join(directory, 'known.json');
  await writeFile(file, content);
  return readKnownFailures(file, cases);
}

describe('a file of known failures', () => {
  test('names a case by its rule and title, and says why', async () => {
    const known = await read('{"A01: POST only": "it is a toy"}');
    expect([...known]).toEqual([['A01: POST only', 'it is a toy']]);
  });

  test.for([
    ['is no JSON', 'A01: POST only', /known\.json is no JSON object$/],
    ['is a list', '["A01: POST only"]', /known\.json is no JSON object$/],
    ['is null', 'null', /known\.json is no JSON object$/],
    ['names a rule alone', '{"A01": "x"}', /names "A01", which is no case$/],
    ['has a title of another rule', '{"A02: POST only": "x"}', /which is no case$/],
    ['gives no reason', '{"A01: POST only": ""}', /gives no reason for "A01: POST only"$/],
    ['gives a reason that is no text', '{"A01: POST only": true}', /gives no reason for/],
  ] as const)('is refused when it %s', async ([, content, sentence]) => {
    await expect(read(content)).rejects.toThrow(sentence);
  });

  test('is refused when it is not there', async () => {
    await expect(readKnownFailures(join(directory, 'none'), cases)).rejects.toThrow(/ENOENT/);
  });
});

describe('a known failure', () => {
  const known = new Map([['A01: POST only', 'it is a toy']]);
  const result = (verdict: Verdict, title = 'POST only'): CaseResult => ({
    ...{ rule: 'A01', section: 'RFC 6749 §3.2', title, verdict, exchanges: [] },
    ...(verdict === 'pass' ? {} : { reason: 'it says 200' }),
  });

  test('is excused, and both reasons are told', () => {
    expect(judge(result('fail'), known)).toEqual({
      ...result('fail'),
      verdict: 'known failure',
      reason: 'it says 200: it is a toy',
    });
  });

  test('that passes is a failure, so that the list stays true', () => {
    expect(judge(result('pass'), known)).toMatchObject({
      verdict: 'fail',
      reason: 'it passes, though it is listed as a known failure',
    });
  });

  test.for(['not offered', 'not run'] as const)('that is %s stays so', (verdict) => {
    expect(judge(result(verdict), known)).toEqual(result(verdict));
  });

  test('excuses no other case of its rule', () => {
    expect(judge(result('fail', 'no fragment'), known)).toEqual(result('fail', 'no fragment'));
  });
});
