import { type Answer, NoAnswer } from '../../io/http.ts';
import { isThrottled, parsedJson } from '../../io/json-answer.ts';
import { CannotCheck, notChecked, problem } from './finding.ts';
import { shortened } from './foreign-value.ts';

/** What to do, by the words in which io/http.ts and io/json-answer.ts say why there is no answer. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /^it answers 3\d\d/,
    'Let the address itself answer: clients follow no redirect. If the deployment has moved, ask for it where it is now.',
  ],
  [
    /HTML|no JSON object|without a body/,
    'Look at what answers there: the path must lead to the authorization server, not to a web site or a proxy of its own.',
  ],
  [
    /^no answer within/,
    'Look at the log of the function, and at the proxy or firewall on the way to it.',
  ],
  [
    /certificate/,
    'Give the domain a valid certificate of a public authority, such as one of AWS Certificate Manager.',
  ],
  [
    /does not speak TLS|not HTTP/,
    'Look at the port, and at what listens there: it must be the HTTPS front of the deployment.',
  ],
  [/hung up/, 'Look at the proxy or load balancer in front, and at the log of the function.'],
  [/does not resolve/, 'Look at the spelling of the name and at its DNS record.'],
  [/^it answers [45]\d\d/, 'Look at the routes of the API and at the log of the function.'],
];

const anyRemedy = 'Look whether the deployment runs, and at the way to it.';

/**
 * Turns the failure of a request into a problem with a remedy; any other error stays what it is.
 * @param what is done, such as `GET https://auth.example.com/token`
 */
export function requestTrouble(what: string, error: unknown): unknown {
  if (!(error instanceof NoAnswer)) return error;
  const [, remedy = anyRemedy] = remedies.find(([words]) => words.test(error.message)) ?? [];
  return new CannotCheck(problem(`${what} failed: ${shortened(error.message)}.`, remedy));
}

/**
 * Refuses to judge a deployment by an answer that it has not made.
 * @throws CannotCheck when the gateway in front answers that there are too many requests
 */
export function refuseThrottled(what: string, { status, body }: Answer): void {
  if (!isThrottled({ status, body: parsedJson(body) })) return;
  throw new CannotCheck(
    problem(
      `${what} answers 429, as it gets more requests than its throttle lets through.`,
      'Look again later. If it stays so, find out who sends them, or raise `throttle` or `tokenThrottle`.',
    ),
  );
}

/** What one check needs of another, and which check that is. */
const responsible = {
  'the metadata': 'issuer',
  'the JWK Set': 'jwk-set',
  'an answer of the token endpoint': 'challenge',
  'an answer of the API': 'api-challenge',
  'an access token': 'token',
  'the revocation list': 'revocation-list',
} as const;

/** What to do where another check says what is wrong. */
export const seeTo = (check: string): string => `See to what ${check} says first.`;

/**
 * Waits for something that another check is responsible for.
 * @throws CannotCheck when it cannot be had: then this check is not made, and points to that one
 */
export async function needed<Value>(
  value: Promise<Value>,
  what: keyof typeof responsible,
): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    if (!(error instanceof CannotCheck)) throw error;
    throw new CannotCheck(
      notChecked(`This needs ${what}, and there is none.`, seeTo(responsible[what])),
    );
  }
}

/**
 * Waits for something that a check can do without; another check says why it is missing.
 * @returns undefined when it is
 */
export async function available<Value>(value: Promise<Value>): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof CannotCheck) return undefined;
    throw error;
  }
}
