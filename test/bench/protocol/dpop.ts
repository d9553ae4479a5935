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

/** What DPoP-bound tokens cost, where they are issued and where they are used, beside bearer tokens. */
export async function benchDpop(plan: Plan): Promise<Report> {
  const compare = (all: readonly Answering[]) =>
    inTurn(
      all.map((each) => inProcess(each, plan.requests)),
      plan,
    );
  const token = await compare(await tokenRequests());
  const api = await compare(await apiRequests());
  return {
    about:
      'The token function, and the authorizer with a bearer token that is cached. Stores and the ' +
      'signing key answer at once: what is left is our own work.',
    tables: [
      cpuTable('Token requests', token, 'Bearer'),
      cpuTable('Requests of an API', api, 'Bearer'),
    ],
    targets: [],
    notes: ['A proof costs one write of DynamoDB more.'],
  };
}

async function tokenRequests(): Promise<readonly Answering[]> {
  const clients = [benchClient({ client_id: 'basic' })];
  const body = 'grant_type=client_credentials';
  const headers = { authorization: basic('basic', client_secret) };
  const by = (name: string, key: TestKey, asked: DpopNonces = noNonces) =>
    asking(name, benchHandler(clients, { nonces: asked }), async () => {
      const claims = { htm: 'POST', htu: `${issuer}/token`, nonce: await asked.issue() };
      return httpApiEvent({ body, headers: { ...headers, DPoP: await prove(key, claims) } });
    });
  const es256 = await dpopKey('ES256');
  return [
    asking('Bearer', benchHandler(clients), async () => httpApiEvent({ body, headers })),
    by('DPoP ES256', es256),
    by('DPoP ES256, nonce', es256, nonces),
    by('DPoP RS256', await dpopKey('RS256')),
    by('DPoP Ed25519', await dpopKey('Ed25519')),
  ];
}

async function apiRequests(): Promise<readonly Answering[]> {
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
  const bound = ['ES256', 'RS256', 'Ed25519'].map(async (alg): Promise<Answering> => {
    const key = await dpopKey(alg);
    const token = await accessToken(issuerKey, { jkt: await calculateJwkThumbprint(key.jwk) });
    const claims = { htm: 'GET', htu: `${api}/`, ath: athOf(token) };
    const prepare = async () =>
      apiEvent({ authorization: `DPoP ${token}`, dpop: await prove(key, claims) });
    return { name: `DPoP ${alg}`, prepare, answer };
  });
  const first = { name: 'Bearer', prepare: async () => apiEvent(bearer), answer };
  return [first, ...(await Promise.all(bound))];
}

/** One key for the nonces of all periods. */
const keys = { ofPeriod: async () => new Uint8Array(32) };
const nonces = statelessNonces({ keys, now });

/** Signs a proof for now. */
const prove = (key: TestKey, claims: Readonly<Record<string, unknown>>): Promise<string> =>
  new SignJWT({ jti: randomUUID(), iat: now(), ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: key.alg, jwk: key.jwk })
    .sign(key.privateKey);
