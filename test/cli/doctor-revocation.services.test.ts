import { describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../functions/http/response.ts';
import { placeOf } from '../../functions/oauth/status-list.ts';
import { client_id, client_secret, stoppedAt } from '../support/token-endpoint.ts';
import { type Breakage, breakableDeployment, faultsOf, serving } from './doctor-deployment.ts';

/** `countersign doctor`: a token is revoked, and looked for wherever that should be known. */

const deployment = await breakableDeployment((issuer) => {
  let number = 0;
  return {
    newPlace: () => {
      number += 1;
      return placeOf(number, issuer);
    },
  };
});
const unbroken: Breakage = (answer) => answer;

const findingsOn = async (...given: Parameters<typeof deployment.examine>) =>
  (await deployment.examine(...given)).filter(({ check }) => check === 'revoked-token');

test('J05: a token with a place in a status list is found there', async () => {
  const told: string[] = [];
  const progress = (sentence: string) => told.push(sentence);
  expect(await findingsOn(unbroken, { progress })).toEqual([
    {
      check: 'revoked-token',
      section: 'RFC 7009 §2.2',
      status: 'ok',
      what: expect.stringMatching(/^A revoked token is in the revocation list \d\.\d s later\.$/),
    },
  ]);
  expect(told).toEqual(['A token was revoked; looking where that is known ...']);
});

test('I19: a cache that keeps the list of before is found by the token that it lacks', async () => {
  let kept: HttpResponse | undefined;
  const findings = await findingsOn(
    (answer, path) => {
      if (path !== '/revocation-list' || answer.statusCode !== 200) return answer;
      kept ??= answer;
      return kept;
    },
    { limit: 700 },
  );
  expect(findings).toMatchObject([
    {
      status: 'problem',
      what: 'A revoked token is not in the revocation list 0.7 s later.',
      remedy: expect.stringMatching(/^Take the cache away/),
    },
  ]);
});

test('I19: a list that has expired by the clock of this computer is one that somebody has kept', async () => {
  const findings = await deployment.examine(unbroken, { now: () => stoppedAt + 1000 });
  expect(faultsOf(findings).map(({ check, what }) => [check, what])).toContainEqual([
    'revocation-list',
    expect.stringMatching(/^The revocation list has expired 9\d\d s ago by the clock/),
  ]);
});

test('J01: the token of a client that is named is left alone', async () => {
  const client = async () => ({ client_id, client_secret });
  expect(await findingsOn(unbroken, { client })).toMatchObject([
    { status: 'not checked', what: expect.stringMatching(/^The token of a client that is named/) },
  ]);
});

describe('an API that should refuse it', () => {
  const refuseRevokedWithin = 1;

  /** An API that answers a call with a token by the number of the call. */
  const api = async (statusOf: (call: number) => number) => {
    let calls = 0;
    const url = await serving((request, response) => {
      const isWithToken = request.headers.authorization !== undefined;
      if (isWithToken) calls += 1;
      response
        .writeHead(isWithToken ? statusOf(calls) : 401, { 'www-authenticate': 'Bearer' })
        .end();
    });
    return [new URL(url)];
  };

  test.for<[what: string, statusOf: (call: number) => number, status: string, said: RegExp]>([
    [
      'does so',
      (call) => (call === 1 ? 403 : 401),
      'ok',
      / refuses a revoked token \d\.\d s later\.$/,
    ],
    ['takes it', () => 403, 'problem', / takes a revoked token 1 s later\.$/],
    [
      'takes no such token',
      () => 401,
      'not checked',
      / takes no token of the examination's client/,
    ],
  ])('I13: %s', async ([, statusOf, status, said]) => {
    const apis = await api(statusOf);
    const [, ofApi] = await findingsOn(unbroken, { apis, refuseRevokedWithin });
    expect(ofApi).toMatchObject({ status, what: expect.stringMatching(said) });
  });

  test('I13: is not asked where nobody says that it should', async () => {
    expect(await findingsOn(unbroken, { apis: await api(() => 403) })).toHaveLength(1);
  });
});
