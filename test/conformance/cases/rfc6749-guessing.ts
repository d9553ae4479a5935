import { type ConformanceCase, check } from '../conformance-case.ts';
import { partsOf } from '../protocol/obtained-token.ts';
import { basic, checkIssued, requestToken } from '../protocol/token-request.ts';

/** RFC 6749 §10.10: nothing that proves anything can be guessed. */
export const guessingCases: readonly ConformanceCase[] = [
  {
    rule: 'A22',
    section: 'RFC 6749 §10.10, RFC 7519 §4.1.7',
    title: 'a client secret has room for 256 random bits, a jti for 128; no two are alike',
    uses: ['basic', 'post'],
    async run(deployment) {
      const [client, other] = [deployment.client('basic'), deployment.client('post')];
      const authorization = basic(client);
      const jti = async (): Promise<string> => {
        const members = checkIssued(await requestToken(deployment, { authorization }));
        return String(partsOf(members.access_token).claims.jti ?? '');
      };
      const bits = {
        client_secret: randomBits(client.client_secret, other.client_secret),
        jti: randomBits(await jti(), await jti()),
      };
      deployment.saw(`room for random bits: ${JSON.stringify(bits)}`);
      check(bits.client_secret >= 256, `a client_secret has room for ${bits.client_secret} bits`);
      check(bits.jti >= 128, `a jti has room for ${bits.jti} random bits`);
    },
  },
];

// More characters than this at the beginning of both are no coincidence.
const byChance = 4;

/** How many random bits there may be in two values, as far as their length and alphabet tell. */
function randomBits(one: string, other: string): number {
  const differing = [...one].findIndex((character, at) => character !== other[at]);
  if (differing === -1) return 0;
  const random = one.slice(differing > byChance ? differing : 0);
  // RFC 9562 §5.4: six bits of a UUID are fixed.
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(random)) return 122;
  const perCharacter = /^[\da-f]*$/i.test(random) ? 4 : 6;
  return Math.floor((random.length * perCharacter) / 8) * 8;
}
