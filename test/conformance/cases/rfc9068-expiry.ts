import { type ConformanceCase, check, type Deployment } from '../conformance-case.ts';
import { accessToken, callWithToken, checkLetIn, isLetIn } from '../protocol/api-request.ts';
import { obtainToken } from '../protocol/obtained-token.ts';

/** Seconds that the tokens of the client `passing` live. */
const lifetime = 60;

/**
 * Seconds until an expired token has to be refused: the clocks may differ by a minute, then the
 * answer to a last call may be remembered for another, and then an answer is due.
 */
const longestRespite = 130;

/** Seconds between two calls. */
const interval = 10;

/** RFC 9068 §4: a token ends. */
export const expiryCases: readonly ConformanceCase[] = [
  {
    rule: 'I07',
    section: 'RFC 9068 §4, RFC 7519 §4.1.4',
    title: 'a token that has expired is refused, two minutes later at the latest',
    uses: ['passing'],
    callsApi: true,
    waits: lifetime + longestRespite,
    async run(deployment) {
      const { text, claims } = await obtainToken(deployment, 'passing');
      const lives = Number(claims.exp) - Number(claims.iat);
      check(lives <= lifetime, `the token lives for ${lives} s, not for ${lifetime} s`);
      checkLetIn('a new token', await callWithToken(deployment, text));
      await deployment.wait(lifetime);
      deployment.saw(`refused ${await respite(deployment, text)} s after it has expired`);
      const fresh = await accessToken(deployment, 'passing');
      checkLetIn('a fresh token', await callWithToken(deployment, fresh));
    },
  },
];

/** Seconds after which an expired token is no longer let in. */
async function respite(deployment: Deployment, token: string): Promise<number> {
  for (let seconds = 0; seconds <= longestRespite; seconds += interval) {
    if (!isLetIn(await callWithToken(deployment, token))) return seconds;
    if (seconds < longestRespite) await deployment.wait(interval);
  }
  check(false, `a token is let in ${longestRespite} s after it has expired`);
}
