import { type Answer, header } from '../../../cli/exchange.ts';
import { checkAlike } from '../answer-likeness.ts';
import {
  type ConformanceCase,
  check,
  type Deployment,
  Nonconformity,
} from '../conformance-case.ts';
import { basic, checkIssued, checkRefused, requestToken } from '../token-request.ts';

/** RFC 6749 §2.3.1: the token endpoint is protected against brute force. */
export const bruteForceCases: readonly ConformanceCase[] = [
  {
    rule: 'A11',
    section: 'RFC 6749 §2.3.1, RFC 6585 §4',
    title: 'whoever guesses secrets is locked out for a while, and others are not',
    uses: ['guessed', 'basic'],
    async run(deployment) {
      const locked = await lockOut(deployment);
      const retryAfter = header(locked, 'retry-after') ?? 'missing';
      check(/^[1-9]\d*$|GMT$/.test(retryAfter), `Retry-After is ${retryAfter}`);
      check(!/"access_token"/.test(locked.body), 'a lockout carries a token');
      const authorization = basic(deployment.client('basic'));
      checkIssued(await requestToken(deployment, { authorization }));
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
      checkRefused('a wrong secret', wrong, [401, 'invalid_client']);
      checkAlike('the answer to an unknown client', await guess(`${client_id}-no`), wrong);
      const authorization = basic(deployment.client('basic'));
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
];

const attempts = 3;

/**
 * Gives the answer to the right secret during a lockout. The lockout may just have ended before it
 * was sent, or have been unknown to the instance that answers: then it is tried again.
 */
async function lockOut(deployment: Deployment): Promise<Answer> {
  const authorization = basic(deployment.client('guessed'));
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await guessUntilRefused(deployment);
    const answer = await requestToken(deployment, { authorization });
    if (answer.status === 429) return answer;
  }
  throw new Nonconformity('who has guessed wrong too often gets a token with the right secret');
}

// A lockout after 60 guesses a minute is found also when the minute turns in the middle.
const mostRounds = 14;
const guessesAtOnce = 10;

async function guessUntilRefused(deployment: Deployment): Promise<void> {
  const { client_id } = deployment.client('guessed');
  const authorization = basic({ client_id, client_secret: 'wrong' });
  for (let round = 0; round < mostRounds; round += 1) {
    const guesses = Array.from({ length: guessesAtOnce }, () =>
      requestToken(deployment, { authorization }),
    );
    const answers = await Promise.all(guesses);
    const others = answers.filter(({ status }) => status !== 429);
    if (others.length === 0) return;
    for (const other of others) checkRefused('a wrong secret', other, [401, 'invalid_client']);
  }
  throw new Nonconformity(`${mostRounds * guessesAtOnce} wrong secrets in a row are all looked at`);
}
