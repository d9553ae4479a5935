import { testKey } from '../../support/test-key.ts';
import { cpuTable } from '../report/in-process.ts';
import { type Report, ratioTarget, type Table, type Target } from '../report/report.ts';
import { inTurn, type Plan, spreadOf } from '../report/rounds.ts';
import {
  atOnce,
  authorizer,
  contestants,
  fastJwt,
  peerRows,
  peersFor,
  repetitions,
  verification,
} from './contestants.ts';

/** JOSE algorithm -> how much of the quickest peer each may take at first sight; EdDSA is nearly all signature. */
const wanted = {
  RS256: { verification: 1, authorizer: 1 },
  PS256: { verification: 1, authorizer: 1 },
  ES256: { verification: 1, authorizer: 1 },
  EdDSA: { verification: 1.05, authorizer: 1.15 },
} as const;

type Alg = keyof typeof wanted;

/** Microseconds of the whole authorizer for a token that it has seen. */
const seenBefore = 6;

/** How much more that may be where the authorizer knows what was taken back: less than a microsecond. */
const knowing = 1.2;

/** What it takes to verify an access token, beside the libraries that do the same. */
export async function benchAuthorizer(plan: Plan): Promise<Report> {
  const tables: Table<'cpu'>[] = [];
  const targets: Target[] = [];
  for (const alg of Object.keys(wanted) as Alg[]) {
    const verifiers = await contestants(await testKey(alg), plan.requests);
    const peers = peerRows(alg).filter((name) => name !== fastJwt);
    const table = { ...cpuTable(alg, await inTurn(verifiers, plan), fastJwt), peers };
    tables.push(table);
    targets.push(...targetsOf(table, alg));
  }
  return {
    about:
      'Access tokens that are verified within one process, without a network. Each round begins with empty ' +
      `caches; it shows ${plan.requests} tokens that are new to it, or one token ${repetitions} times, as a ` +
      'text that is new each time. All expect the same typ, iss, aud, algorithm, claims and times.',
    tables,
    targets,
    notes,
  };
}

function targetsOf(table: Table<'cpu'>, alg: Alg): readonly Target[] {
  const firstSight = (what: string, row: string, atMost: number) =>
    ratioTarget(table, {
      what: `CPU of ${what} a token by ${alg} at first sight, against the quickest peer`,
      wanted: { atMost },
      row,
      to: peersFor(alg),
      figure: 'cpu',
    });
  return [
    firstSight('verifying', verification.first, wanted[alg].verification),
    firstSight('the whole authorizer for', authorizer.first, wanted[alg].authorizer),
    {
      what: `CPU of the whole authorizer for a token by ${alg} that is cached`,
      wanted: { atMost: seenBefore },
      reached: spreadOf(table.measured, authorizer.cached, 'cpu'),
      unit: ' us',
    },
    ratioTarget(table, {
      what: `CPU of the same for a token by ${alg} where it is known what was revoked, against where nobody asks`,
      wanted: { atMost: knowing },
      row: authorizer.cachedKnowing,
      to: authorizer.cached,
      figure: 'cpu',
    }),
  ];
}

const notes = [
  '`verifyAccessToken` is the step that verifies, `authorizer` the whole handler with it: from the event to the ' +
    'answer, and with a log that writes nothing. `node:crypto` is the signature alone, as ours verifies it, of a ' +
    'token that was taken apart beforehand. All but jose verify by `node:crypto`, jose by WebCrypto. ' +
    'aws-jwt-verify knows no PS256. The quickest peer is that of each round: jose, aws-jwt-verify or fast-jwt ' +
    'without its cache.',
  `Where ${atOnce} are at once, so many tokens are shown before the first answer is awaited. Requests are made ` +
    `${atOnce} at a time: thousands to come, which Lambda would not hold, cost a microsecond a request to collect.`,
  'A profile of the whole handler at first sight of RS256: the signature 54 %, collecting garbage 10 %, taking the ' +
    'token apart 6 %, the event 6 %, the decision 3 %, the SHA-256 that the token is cached under 3 %. Of a cached ' +
    'token: the event 29 %, the decision 19 %, the SHA-256 10 %, the answer 9 %, garbage 6 %. Of the event half is ' +
    'the pattern that finds the token in the header.',
  '`knows what was revoked` is an authorizer that has got the revocation list a moment ago, with 10,000 of ten ' +
    'million tokens revoked one by one: the token has its place in one of ten lists. All tokens here have such a place.',
  'What it is made of: a bare KeyObject, beside which options cost 9 us, half an RSA signature; for PS256 a key of ' +
    'the type RSASSA-PSS, which holds them (26 -> 18 us); ECDSA in DER (64 -> 46 us). Tried, and not worth it: DER by ' +
    'one allocation or by hexadecimal digits (0.4 us less), one pattern for the whole form of a token (1.0 us, where ' +
    'encoding its parts again takes 0.4), `createVerify` (the same), SHA-256 in other digits, the audit line put ' +
    'together once (0.1 us), answers that cannot be too large not measured (0.4 us). EdDSA is 94 % signature, ' +
    'which all peers have from the same OpenSSL: nobody can be much ahead.',
];
