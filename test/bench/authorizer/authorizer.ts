import { testKey } from '../../support/test-key.ts';
import { cpuTable } from '../report/in-process.ts';
import { type Report, ratioTarget, type Table, type Target } from '../report/report.ts';
import { inTurn, type Plan, ratioOf } from '../report/rounds.ts';
import { authorizer, contestants, jose, repetitions, verification } from './contestants.ts';

const algorithms = ['ES256', 'RS256', 'EdDSA'];

/** What it takes to verify an access token, beside the libraries that do the same. */
export async function benchAuthorizer(plan: Plan): Promise<Report> {
  const tables: Table<'cpu'>[] = [];
  for (const alg of algorithms) {
    const verifiers = await contestants(await testKey(alg), plan.requests);
    tables.push(cpuTable(alg, await inTurn(verifiers, plan), jose));
  }
  return {
    about:
      'Access tokens that are verified within one process, without a network. Each round begins with empty ' +
      `caches; it shows ${plan.requests} tokens that are new to it, or one token ${repetitions} times, as a ` +
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
