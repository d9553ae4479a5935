import { readFile } from 'node:fs/promises';
import type { CaseResult } from './suite.ts';

/** `RULE: title` of a case -> why it is known to fail on this platform. */
export type KnownFailures = ReadonlyMap<string, string>;

/**
 * Reads a JSON object of known failures.
 * @throws Error, a sentence, when it is none or names no case
 */
export async function readKnownFailures(
  file: string,
  cases: readonly Pick<CaseResult, 'rule' | 'title'>[],
): Promise<KnownFailures> {
  const entries = Object.entries(parse(file, await readFile(file, 'utf8')));
  const known = new Set(cases.map(keyOf));
  for (const [key, reason] of entries) {
    if (!known.has(key)) throw new Error(`${file} names "${key}", which is no case`);
    if (typeof reason !== 'string' || reason === '') {
      throw new Error(`${file} gives no reason for "${key}"`);
    }
  }
  return new Map(entries as [string, string][]);
}

/** Excuses a failure that is known, and refuses an excuse that is no longer needed. */
export function judge(result: CaseResult, known: KnownFailures): CaseResult {
  const excuse = known.get(keyOf(result));
  if (excuse === undefined) return result;
  if (result.verdict === 'fail') {
    return { ...result, verdict: 'known failure', reason: `${result.reason}: ${excuse}` };
  }
  if (result.verdict !== 'pass') return result;
  return {
    ...result,
    verdict: 'fail',
    reason: 'it passes, though it is listed as a known failure',
  };
}

const keyOf = ({ rule, title }: Pick<CaseResult, 'rule' | 'title'>): string => `${rule}: ${title}`;

function parse(file: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Told below.
  }
  throw new Error(`${file} is no JSON object`);
}
