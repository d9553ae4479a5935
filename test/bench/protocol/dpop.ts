import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import { confirmPossession } from '../../../functions/authorizer/possession.ts';
import { dpopAlgorithms } from '../../../functions/oauth/assertion-algorithms.ts';
import { type DpopNonces, noNonces, statelessNonces } from '../../../functions/oauth/dpop-nonce.ts';
import { api, client_secret, issuer } from '../../support/a-client.ts';
import { athOf, dpopKey } from '../../support/dpop.ts';
import { basic, httpApiEvent } from '../../support/http-api-event.ts';
import { type TestKey, testKey } from '../../support/test-key.ts';
import { accessToken, apiAuthorizer, apiEvent } from '../fixtures/authorizer.ts';
import { now } from '../fixtures/clock.ts';
import { asking, benchClient, benchHandler } from '../fixtures/token-handler.ts';
import { type Answering, cpuTable, inProcess } from '../report/in-process.ts';
import type { Report } from '../report/report.ts';
import { inTurn, type Plan } from '../report/rounds.ts';
import {
  type AddedCost,
  addedByCheck,
  addedTable,
  addedTargets,
  afterCheck,
  newKey,
  notes,
  rowsOf,
  signatureChecks,
} from './signature-checks.ts';

/** What DPoP-bound tokens cost, where they are issued and where they are used, beside bearer tokens. */
export async function benchDpop(plan: Plan): Promise<Report> {
  const keys = await Promise.all(['ES256', 'RS256', 'Ed25519'].map(dpopKey));
  const bearer = bearerRequest();
  const token = [bearer, ...tokenRequests(keys)];
  const api = await apiRequests(keys);
  const checks = await Promise.all(
    keys.map((key) => signatureChecks(key, () => prove(key, asked))),
  );
  const after = checks.map(([check]) => afterCheck(check, bearer));
  const contestants = [...token, ...api, ...checks.flat(), ...after];
  const measured = await inTurn(
    contestants.map((each) => inProcess(each, plan.requests)),
    plan,
  );
  const costs = keys.map(addedCost);
  return {
    about:
      'The token function, and the authorizer with a bearer token that is cached. Stores and the ' +
      'signing key answer at once: what is left is our own work.',
    tables: [
      ...costs.map((cost) => addedTable(measured, cost)),
      cpuTable('Token requests', rowsOf(measured, token), 'Bearer'),
      cpuTable('Requests of an API', rowsOf(measured, api), 'Bearer at an API'),
    ],
    targets: costs.flatMap((cost) => addedTargets(measured, cost)),
    notes: [...notes, 'A proof costs one write of DynamoDB more.'],
  };
}

const addedCost = ({ alg }: TestKey): AddedCost => ({
  alg,
  added: {
    'A proof, token request': [`DPoP ${alg}`, 'Bearer'],
    'A proof, request of an API': [`DPoP ${alg} at an API`, 'Bearer at an API'],
  },
  told: {
    'A proof by a new key, token request': [`DPoP ${alg}, new key`, 'Bearer'],
    ...addedByCheck(alg, 'Bearer'),
  },
});

const clients = [benchClient({ client_id: 'basic' })];
const body = 'grant_type=client_credentials';
const headers = { authorization: basic('basic', client_secret) };

const bearerRequest = (): Answering =>
  asking('Bearer', benchHandler(clients), async () => httpApiEvent({ body, headers }));

function tokenRequests(dpopKeys: readonly TestKey[]): readonly Answering[] {
  const by = (name: string, key: () => TestKey | Promise<TestKey>, nonces: DpopNonces = noNonces) =>
    asking(name, benchHandler(clients, { nonces }), async () => {
      const claims = { ...asked, nonce: await nonces.issue() };
      return httpApiEvent({
        body,
        headers: { ...headers, DPoP: await prove(await key(), claims) },
      });
    });
  return dpopKeys.flatMap((key) => [
    by(`DPoP ${key.alg}`, () => key),
    by(`DPoP ${key.alg}, nonce`, () => key, nonces),
    by(`DPoP ${key.alg}, new key`, () => newKey(key)),
  ]);
}

async function apiRequests(dpopKeys: readonly TestKey[]): Promise<readonly Answering[]> {
  const issuerKey = await testKey('RS256');
  const answer = apiAuthorizer(issuerKey, {
    dpopAlgorithms,
    confirm: confirmPossession({
      publicUrl: api,
      required: false,
      algorithms: dpopAlgorithms,
      nonces: noNonces,
      replays: { firstUse: async () => async () => undefined },
      now,
    }),
  });
  const bearer = { authorization: `Bearer ${await accessToken(issuerKey)}` };
  const bound = dpopKeys.map(async (key): Promise<Answering> => {
    const token = await accessToken(issuerKey, { jkt: await calculateJwkThumbprint(key.jwk) });
    const claims = { htm: 'GET', htu: `${api}/`, ath: athOf(token) };
    const prepare = async () =>
      apiEvent({ authorization: `DPoP ${token}`, dpop: await prove(key, claims) });
    return { name: `DPoP ${key.alg} at an API`, prepare, answer };
  });
  const first = { name: 'Bearer at an API', prepare: async () => apiEvent(bearer), answer };
  return [first, ...(await Promise.all(bound))];
}

/** One key for the nonces of all periods. */
const keys = { ofPeriod: async () => new Uint8Array(32) };
const nonces = statelessNonces({ keys, now });

/** What proofs for the token endpoint are made for. */
const asked = { htm: 'POST', htu: `${issuer}/token` };

/** Signs a proof for now. */
const prove = (key: TestKey, claims: Readonly<Record<string, unknown>>): Promise<string> =>
  new SignJWT({ jti: randomUUID(), iat: now(), ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: key.alg, jwk: key.jwk })
    .sign(key.privateKey);
