import { type Answer, headerValues } from '../../../cli/io/http.ts';
import { check } from '../conformance-case.ts';

/** One challenge of a WWW-Authenticate header (RFC 9110 §11.3). */
export interface Challenge {
  /** In small letters. */
  readonly scheme: string;
  /** In their order, repetitions kept; names in small letters. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads the Bearer challenge of an answer.
 * @returns undefined when the answer has no challenge at all
 * @throws Nonconformity when it has one that is malformed, none for Bearer, or several
 */
export function bearerChallenge(what: string, answer: Answer): Challenge | undefined {
  return challengeOf('Bearer', what, answer);
}

/**
 * Reads the Basic challenge of an answer (RFC 7617 §2).
 * @throws Nonconformity when it has none, or one that is malformed, or several
 */
export function basicChallenge(what: string, answer: Answer): Challenge {
  const challenge = challengeOf('Basic', what, answer);
  check(challenge !== undefined, `${what} is answered without WWW-Authenticate`);
  return challenge;
}

/** The value of a parameter that is there once at most. */
export function parameter({ parameters }: Challenge, wanted: string): string | undefined {
  return parameters.find(([name]) => name === wanted)?.[1];
}

/**
 * Reads the challenge of an answer for a scheme.
 * @returns undefined when the answer has none for it
 * @throws Nonconformity when a challenge is malformed, or there are several for the scheme
 */
export function challengeFor(scheme: string, what: string, answer: Answer): Challenge | undefined {
  const isNamed = headerValues(answer, 'www-authenticate').some((value) =>
    parseChallenges(value)?.some((one) => one.scheme === scheme.toLowerCase()),
  );
  return isNamed ? challengeOf(scheme, what, answer) : undefined;
}

function challengeOf(wanted: string, what: string, answer: Answer): Challenge | undefined {
  const values = headerValues(answer, 'www-authenticate');
  if (values.length === 0) return undefined;
  const challenges = values.map(parseChallenges);
  const fitting = challenges
    .flatMap((list) => list ?? [])
    .filter(({ scheme }) => scheme === wanted.toLowerCase());
  const isWellFormed = challenges.every((list) => list !== undefined);
  check(isWellFormed, `the challenge of ${what} is not as RFC 9110 §11.6.1 writes it`);
  const [challenge, ...others] = fitting;
  check(challenge !== undefined, `the challenge of ${what} is for another scheme than ${wanted}`);
  check(others.length === 0, `${what} is answered with several ${wanted} challenges`);
  return challenge;
}

// RFC 9110 §5.6.2, §5.6.4, §11.2, §11.3. A scheme, a parameter or both stand between two commas;
// behind a scheme a token68 may stand instead.
const word = "[\\w!#$%&'*+.^`|~-]+";
const quoted = '"(?:[\\t !#-[\\]-~\\x80-\\xFF]|\\\\[\\t -~\\x80-\\xFF])*"';
const element = new RegExp(
  `(?:(?<scheme>${word})(?: +|(?=[\\t ]*(?:,|$))))?` +
    `(?:(?<name>${word})[\\t ]*=[\\t ]*(?<value>${word}|${quoted})|(?<=[^, ] +)[\\w.~+/-]+=*)?` +
    '[\\t ]*(?:,[\\t ]*|$)',
  'gy',
);

function parseChallenges(text: string): readonly Challenge[] | undefined {
  const elements = [...text.matchAll(element)];
  if (elements.map(([whole]) => whole).join('') !== text) return undefined;
  const challenges: { scheme: string; parameters: [string, string][] }[] = [];
  for (const { scheme, name, value = '' } of elements.map(({ groups = {} }) => groups)) {
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: [] });
    if (name === undefined) continue;
    if (challenges.length === 0) return undefined;
    challenges.at(-1)?.parameters.push([name.toLowerCase(), unquoted(value)]);
  }
  return challenges;
}

const unquoted = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
