import { header } from '../../io/http.ts';
import type { DatedAnswer, Examination } from '../examination/examination.ts';
import { issuedToken } from '../examination/issued-token.ts';
import { notChecked, ok, problem, type Verdict, warning } from '../findings/finding.ts';
import { available, needed } from '../findings/trouble.ts';

/** Seconds that clocks may differ by. */
const bounds = {
  /** Nothing to be said. */
  fine: 10,
  /** Verifiers still accept the tokens: most allow for a minute. */
  bearable: 60,
};

/** Whether the clocks of the deployment and of this computer agree (RFC 9110 §6.6.1, RFC 9068 §2.2). */
export async function checkClock({ refusal, token }: Examination): Promise<readonly Verdict[]> {
  const answer = await needed(refusal(), 'an answer of the token endpoint');
  const issued = await available(token().then(issuedAt));
  return [
    skewVerdict('the Date of the token endpoint', { said: dateOf(answer), at: answer.at }),
    ...(issued ? [skewVerdict('the iat of a new token', issued)] : []),
  ];
}

/** NumericDates: what the deployment said, and what this computer's clock then showed. */
interface Reading {
  readonly said: number;
  readonly at: number;
}

const dateOf = (answer: DatedAnswer): number => Date.parse(header(answer, 'date') ?? '') / 1000;

function issuedAt(answer: DatedAnswer): Reading | undefined {
  const { iat } = issuedToken(answer).claims;
  return typeof iat !== 'number' ? undefined : { said: iat, at: answer.at };
}

function skewVerdict(what: string, { said, at }: Reading): Verdict {
  const skew = Math.round(said - at);
  if (Number.isNaN(skew)) return noDate(what);
  const off = Math.abs(skew);
  if (off <= bounds.fine) return ok(`By ${what}, the clocks agree (${off} s).`);
  const sentence = `By ${what}, the deployment's clock is ${off} s ${skew > 0 ? 'ahead of' : 'behind'} this computer's.`;
  const remedy =
    'Set the clock of this computer by NTP; AWS keeps its own. Verifiers bear 60 s at most.';
  return off <= bounds.bearable ? warning(sentence, remedy) : problem(sentence, remedy);
}

function noDate(what: string): Verdict {
  return notChecked(`There is no telling the time by ${what}.`, 'Look at the proxy in front.');
}
