import { type Answer, header } from '../../../cli/io/http.ts';
import { type ConformanceCase, check, type Deployment } from '../conformance-case.ts';
import { checkAlike } from '../protocol/answer-likeness.ts';
import { basic, checkInvalidClient, checkIssued, requestToken } from '../protocol/token-request.ts';

/** Enough for a lockout after 60 a minute also when the minute turns in the middle. */
const mostGuesses = 160;

/** A new AWS account runs as few as ten functions at once. */
const guessesAtOnce = 4;

/** RFC 6749 §2.3.1: the token endpoint is protected against brute force. */
export const bruteForceCases: readonly ConformanceCase[] = [
  {
    rule: 'A11',
    section: 'RFC 6749 §2.3.1, RFC 6585 §4',
    title: `whoever sends wrong secrets, ${mostGuesses} at most, is told to wait, and a right secret is let in`,
    uses: ['guessed', 'basic'],
    alone: true,
    /** The right secret of that very client, from that very address, too. */
    async run(deployment) {
      const locked = await guessUntilLockedOut(deployment);
      const retryAfter = header(locked, 'retry-after') ?? 'missing';
      check(/^[1-9]\d*$|GMT$/.test(retryAfter), `Retry-After is ${retryAfter}`);
      check(!/"access_token"/.test(locked.body), 'a lockout carries a token');
      for (const name of ['guessed', 'basic'] as const) {
        checkIssued(await requestPatiently(deployment, name));
      }
    },
  },
  {
    rule: 'A11',
    section: 'RFC 6749 §5.2',
    title: 'an unknown client is answered like a wrong secret, octet for octet',
    uses: ['basic'],
    async run(deployment) {
      const { client_id } = deployment.client('basic');
      const guess = (id: string) => {
        const authorization = basic({ client_id: id, client_secret: 'wrong' });
        return requestToken(deployment, { authorization });
      };
      const wrong = await guess(client_id);
      checkInvalidClient('a wrong secret', wrong);
      checkAlike('the answer to an unknown client', await guess(`${client_id}-no`), wrong);
      const authorization = basic(deployment.client('basic'));
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
];

/** Gives the answer to wrong secrets when there have been too many. */
async function guessUntilLockedOut(deployment: Deployment): Promise<Answer> {
  for (let guesses = 0; guesses + guessesAtOnce <= mostGuesses; guesses += guessesAtOnce) {
    const locked = await guessAtOnce(deployment);
    if (locked) return locked;
  }
  check(false, `${mostGuesses} wrong secrets in a row are all counted`);
}

/** Guesses a few times. Gives an answer when all of them were too many. */
async function guessAtOnce(deployment: Deployment): Promise<Answer | undefined> {
  const { client_id } = deployment.client('guessed');
  const authorization = basic({ client_id, client_secret: 'wrong' });
  const guess = () => requestToken(deployment, { authorization });
  const answers = await Promise.all(Array.from({ length: guessesAtOnce }, guess));
  const others = answers.filter(({ status }) => status !== 429 && status !== 503);
  for (const other of others) checkInvalidClient('a wrong secret', other);
  return answers.every(({ status }) => status === 429) ? answers[0] : undefined;
}

const attempts = 5;

/** Sends a right request, again while a store is busy (503). A 429 is an answer. */
async function requestPatiently(
  deployment: Deployment,
  name: 'guessed' | 'basic',
  attempt = 1,
): Promise<Answer> {
  const authorization = basic(deployment.client(name));
  const answer = await requestToken(deployment, { authorization });
  if (answer.status !== 503 || attempt === attempts) return answer;
  return requestPatiently(deployment, name, attempt + 1);
}
