import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { verifyAccessToken } from '../../../functions/authorizer/access-token.ts';
import { type TestKey, testKey } from '../../support/test-key.ts';
import { accessToken, apiAuthorizer, apiEvent, expectation } from '../fixtures/authorizer.ts';
import { cpuTable } from '../report/in-process.ts';
import { type Report, ratioTarget, type Table, type Target } from '../report/report.ts';
import { type Contestant, inTurn, ratioOf } from '../report/rounds.ts';
import {
  awsVerifier,
  bareSignature,
  bareVerifier,
  fastVerifier,
  joseVerifier,
  type VerifyToken,
} from './peers.ts';

const algorithms = ['ES256', 'RS256', 'EdDSA'];

const rounds = 11;

/** Tokens of a round at first sight: one a request. */
const newTokens = 1000;
/** Requests of a round with one token: they are short. */
const repetitions = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage: (how: { readonly type: 'minor' }) => void = runInNewContext('gc');

const jose = 'jose';
const verification = {
  first: 'verifyAccessToken, first sight',
  cached: 'verifyAccessToken, cached',
};
const authorizer = { first: 'authorizer, first sight', cached: 'authorizer, cached' };

/** What it takes to verify an access token, beside the libraries that do the same. */
export async function benchAuthorizer(): Promise<Report> {
  const tables: Table<'cpu'>[] = [];
  for (const alg of algorithms) {
    tables.push(cpuTable(alg, await inTurn(await contestants(await testKey(alg)), rounds), jose));
  }
  return {
    about:
      'Access tokens that are verified within one process, without a network. Each round begins with empty ' +
      `caches; it shows ${newTokens} tokens that are new to it, or one token ${repetitions} times, as a ` +
      'text that is new each time. All expect the same typ, iss, aud, algorithm, claims and times.',
    tables,
    targets: tables.flatMap(targetsOf),
    notes: [
      '`verifyAccessToken` is the step that verifies, `authorizer` the whole handler with it: from the event ' +
        'to the answer, and with a log that writes nothing. `node:crypto` is the signature alone, of a token ' +
        'that was taken apart beforehand. jose, and so ours, verifies by WebCrypto; the others do by ' +
        '`node:crypto`.',
      'A profile of the whole handler at first sight has, beside what jose does: garbage collection, reading the ' +
        'event, the SHA-256 that the token is cached under, the answer, the claims, and the cache, 4 to 14 us ' +
        'each. Of a cached token the same is all there is. Tried: a Map by the text of the token in place of its ' +
        'hash, no faster; events read without copies, challenges made only where they are sent, kept. What would ' +
        'save more is node:crypto in place of WebCrypto; jose is what verifies here.',
    ],
  };
}

function targetsOf(table: Table<'cpu'>): readonly Target[] {
  const { title: alg, measured } = table;
  const firstSight = (what: string, row: string) =>
    ratioTarget(table, {
      what: `CPU of ${what} an ${alg} token at first sight, against jose alone`,
      wanted: { atMost: 1.1 },
      row,
      figure: 'cpu',
    });
  const cached = (what: string, rows: typeof verification): Target => ({
    what: `CPU of ${what} an ${alg} token that is cached, against first sight`,
    wanted: { atMost: 0.02 },
    reached: ratioOf(measured, 'cpu', { of: rows.cached, to: rows.first }),
    unit: ' x',
  });
  return [
    firstSight('the whole authorizer for', authorizer.first),
    firstSight('verifying', verification.first),
    cached('verifying', verification),
    cached('the whole authorizer for', authorizer),
  ];
}

async function contestants(key: TestKey): Promise<readonly Contestant<'cpu'>[]> {
  const tokens = await Promise.all(Array.from({ length: newTokens }, () => accessToken(key)));
  const again = Array.from({ length: repetitions }, () => tokens[0] ?? '');
  const verifying = (name: string, make: () => VerifyToken): Showing<string> => ({
    name,
    prepare: fresh,
    make,
  });
  const ours = (name: string) => verifying(name, () => verifier(key));
  const wholeAuthorizer = (name: string): Showing<object> => ({
    name,
    prepare: (token) => fresh(apiEvent({ authorization: `Bearer ${token}` })),
    make: () => apiAuthorizer(key),
  });
  return [
    showing(
      verifying(jose, () => joseVerifier(key)),
      tokens,
    ),
    showing({ name: 'node:crypto', prepare: bareSignature, make: () => bareVerifier(key) }, tokens),
    showing(
      verifying('aws-jwt-verify', () => awsVerifier(key)),
      tokens,
    ),
    showing(
      verifying('fast-jwt', () => fastVerifier(key, false)),
      tokens,
    ),
    showing(
      verifying('fast-jwt, cached', () => fastVerifier(key, true)),
      again,
    ),
    showing(ours(verification.first), tokens),
    showing(ours(verification.cached), again),
    showing(wholeAuthorizer(authorizer.first), tokens),
    showing(wholeAuthorizer(authorizer.cached), again),
  ];
}

/** What tokens are shown to. */
interface Showing<Prepared> {
  readonly name: string;
  /** Makes of a token what is shown; not measured. */
  prepare(token: string): Prepared;
  /** Makes what it is shown to. That throws an error when a token is not a good one. */
  make(): (prepared: Prepared) => unknown;
}

function showing<Prepared>(
  { name, prepare, make }: Showing<Prepared>,
  tokens: readonly string[],
): Contestant<'cpu'> {
  return {
    name,
    async round() {
      const answer = make();
      const prepared = tokens.map(prepare);
      // Else what others have left behind is cleaned up at this one's cost.
      collectGarbage({ type: 'minor' });
      const start = process.cpuUsage();
      for (const each of prepared) await answer(each);
      const { user, system } = process.cpuUsage(start);
      return { cpu: (user + system) / tokens.length };
    },
  };
}

/** Copies a value with its texts: the engine has computed no hash of them, as of a request that has just arrived. */
const fresh = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** Our verification, with a cache of its own. */
function verifier(key: TestKey): VerifyToken {
  const expected = expectation(key);
  return (token) => verifyAccessToken(token, expected);
}
