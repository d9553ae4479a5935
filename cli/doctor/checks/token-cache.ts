import { header } from '../../io/http.ts';
import type { DatedAnswer, Examination } from '../examination/examination.ts';
import { faultsOr, problem, type Verdict } from '../findings/finding.ts';
import { shortened } from '../findings/foreign-value.ts';
import { available, needed } from '../findings/trouble.ts';

/** Whether no cache keeps what the token endpoint answers (RFC 6749 §5.1). */
export async function checkTokenCache(examination: Examination): Promise<readonly Verdict[]> {
  const refusal = await needed(examination.refusal(), 'an answer of the token endpoint');
  const token = await available(examination.token());
  const faults = [
    ...cacheFaults('a refusal', refusal),
    ...(token ? cacheFaults('a token', token) : []),
  ];
  return faultsOr(faults, 'The token endpoint answers with Cache-Control: no-store.');
}

function cacheFaults(what: string, answer: DatedAnswer): readonly Verdict[] {
  const directives = header(answer, 'cache-control');
  if (directives && /\bno-store\b/i.test(directives)) return [];
  const said = directives ? `Cache-Control: ${shortened(directives)}` : 'no Cache-Control';
  return [
    problem(
      `The token endpoint answers ${what} with ${said}.`,
      'Let its `Cache-Control: no-store` through, and put no cache in front of it.',
    ),
  ];
}
