import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { verifyAccessToken } from '../../../functions/authorizer/access-token.ts';
import type { Authorizer } from '../../../functions/authorizer/authorize.ts';
import type { TestKey } from '../../support/test-key.ts';
import { accessToken, apiAuthorizer, apiEvent, expectation } from '../fixtures/authorizer.ts';
import { knownRevocations } from '../fixtures/revocations.ts';
import type { Contestant } from '../report/rounds.ts';
import {
  awsVerifier,
  bareSignature,
  bareVerifier,
  fastVerifier,
  joseVerifier,
  type VerifyToken,
} from './peers.ts';

/** Requests that wait for their answers at the same time, as in a managed instance of Lambda. */
export const atOnce = 64;
/** How often a round shows one token that is cached: many times, as each takes microseconds. */
export const repetitions = 10_000;

/** The one that the tables compare with: mostly it is the quickest. */
export const fastJwt = 'fast-jwt';
/** The peers that verify each token of an algorithm anew. */
export const peersFor = (alg: string): readonly string[] =>
  ['jose', 'aws-jwt-verify', fastJwt].filter(
    (name) => name !== 'aws-jwt-verify' || isKnownToAws(alg),
  );
/** All rows that are not ours. */
export const peerRows = (alg: string): readonly string[] => [
  'node:crypto',
  ...peersFor(alg),
  'fast-jwt, cached',
];
export const verification = {
  first: 'verifyAccessToken, first sight',
  cached: 'verifyAccessToken, cached',
};
export const authorizer = {
  first: 'authorizer, first sight',
  cached: 'authorizer, cached',
  cachedKnowing: 'authorizer, cached, knows what was revoked',
  firstAtOnce: `authorizer, first sight, ${atOnce} at once`,
  cachedAtOnce: `authorizer, cached, ${atOnce} at once`,
};

setFlagsFromString('--expose-gc');
const collectGarbage: (how: { readonly type: 'minor' }) => void = runInNewContext('gc');

/**
 * What verifies the tokens of a key: jose, the other libraries, and ours.
 * @param newTokens how many tokens a round at first sight shows, each once
 */
export async function contestants(
  key: TestKey,
  newTokens: number,
): Promise<readonly Contestant<'cpu'>[]> {
  const tokens = await Promise.all(Array.from({ length: newTokens }, () => accessToken(key)));
  const again = Array.from({ length: repetitions }, () => tokens[0] ?? '');
  const verifying = (name: string, shown: readonly string[], make: () => VerifyToken) =>
    contestant({ name, prepare: fresh, make }, shown);
  const revocations = await knownRevocations();
  const authorizing = (name: string, shown: readonly string[], special: Special = {}) => {
    const { together = false, ...about } = special;
    const prepare = (token: string) => fresh(apiEvent({ authorization: `Bearer ${token}` }));
    return contestant({ name, prepare, make: () => apiAuthorizer(key, about), together }, shown);
  };
  const bare = { prepare: bareSignature, make: () => bareVerifier(key) };
  return [
    verifying('jose', tokens, () => joseVerifier(key)),
    contestant({ name: 'node:crypto', ...bare }, tokens),
    ...(isKnownToAws(key.alg) ? [verifying('aws-jwt-verify', tokens, () => awsVerifier(key))] : []),
    verifying(fastJwt, tokens, () => fastVerifier(key, false)),
    verifying('fast-jwt, cached', again, () => fastVerifier(key, true)),
    verifying(verification.first, tokens, () => ourVerifier(key)),
    verifying(verification.cached, again, () => ourVerifier(key)),
    authorizing(authorizer.first, tokens),
    authorizing(authorizer.cached, again),
    authorizing(authorizer.cachedKnowing, again, { revocations }),
    authorizing(authorizer.firstAtOnce, tokens, { together: true }),
    authorizing(authorizer.cachedAtOnce, again, { together: true }),
  ];
}

/** What is special about an authorizer that is measured. */
type Special = Partial<Pick<Authorizer, 'revocations'>> & { readonly together?: boolean };

/** Whether aws-jwt-verify verifies tokens by this algorithm: it knows no RSASSA-PSS. */
const isKnownToAws = (alg: string): boolean => !alg.startsWith('PS');

/** Our verification, with a cache of its own. */
function ourVerifier(key: TestKey): VerifyToken {
  const expected = expectation(key);
  return (token) => verifyAccessToken(token, expected);
}

/** A verifier, and what it takes. */
interface Verifying<Prepared> {
  readonly name: string;
  /** Makes the verifier's input of a token; not measured. */
  prepare(token: string): Prepared;
  /** Makes the verifier, with empty caches. It throws an error for a bad token. */
  make(): (prepared: Prepared) => unknown;
  /** Whether it is shown several before the first answer is awaited. @default false */
  readonly together?: boolean;
}

function contestant<Prepared>(
  { name, prepare, make, together = false }: Verifying<Prepared>,
  shown: readonly string[],
): Contestant<'cpu'> {
  return {
    name,
    async round() {
      const verify = make();
      const show = together ? allTogether : oneByOne;
      // Else the garbage of other contestants is collected at this one's cost.
      collectGarbage({ type: 'minor' });
      let spent = 0;
      for (let at = 0; at < shown.length; at += atOnce) {
        // No more than are there at the same time: those to come would weigh on the collection of garbage.
        const prepared = shown.slice(at, at + atOnce).map(prepare);
        const start = process.cpuUsage();
        await show(prepared, verify);
        const { user, system } = process.cpuUsage(start);
        spent += user + system;
      }
      return { cpu: spent / shown.length };
    },
  };
}

type Show = <Prepared>(
  prepared: readonly Prepared[],
  verify: (prepared: Prepared) => unknown,
) => Promise<unknown>;

const allTogether: Show = (prepared, verify) => Promise.all(prepared.map(verify));

const oneByOne: Show = async (prepared, verify) => {
  for (const each of prepared) await verify(each);
};

/** Copies a value with its texts, of which the engine has no hash yet, as in a request that has just arrived. */
const fresh = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));
