import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import { createHandler } from '../../functions/authorizer/handler.ts';
import { parseKeySet } from '../../functions/authorizer/key-set.ts';
import { confirmPossession } from '../../functions/authorizer/possession.ts';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import { assertionAlgorithms } from '../../functions/oauth/assertion-algorithms.ts';
import { type DpopNonces, noNonces, statelessNonces } from '../../functions/oauth/dpop-nonce.ts';
import { athOf, dpopKey } from '../support/dpop.ts';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import { type Answering, cpuTable, inProcess } from './in-process.ts';
import type { Report } from './report.ts';
import { inTurn } from './rounds.ts';
import { api, asking, benchClient, benchHandler, client_secret, issuer } from './token-handler.ts';

const now = () => Math.floor(Date.now() / 1000);
const nonceKey = new Uint8Array(32);
const nonces = statelessNonces({ keys: { ofPeriod: async () => nonceKey }, now });

/** Signs a proof for now. */
const prove = (key: TestKey, claims: Readonly<Record<string, unknown>>): Promise<string> =>
  new SignJWT({ jti: randomUUID(), iat: now(), ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: key.alg, jwk: key.jwk })
    .sign(key.privateKey);

/** What DPoP-bound tokens cost, where they are issued and where they are used, beside bearer tokens. */
export async function benchDpop(): Promise<Report> {
  const token = await inTurn((await tokenRequests()).map((each) => inProcess(each)));
  const api = await inTurn((await apiRequests()).map((each) => inProcess(each)));
  return {
    about:
      'The token function, and the authorizer with a bearer token that it has seen before. Stores and the ' +
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
  const keySet = parseKeySet({ keys: [issuerKey.jwk] }, undefined);
  const authorizer = createHandler({
    issuer,
    audience: api,
    algorithms: ['RS256'],
    dpopAlgorithms: assertionAlgorithms,
    routes: parseRoutes(JSON.stringify({ 'GET /': ['read'] })),
    keys: async () => keySet,
    confirm: confirmPossession({
      publicUrl: api,
      required: false,
      algorithms: assertionAlgorithms,
      nonces: noNonces,
      replays: { firstUse: async () => true },
      now,
    }),
    now,
    audit: () => undefined,
  });
  const token = (cnf?: object) => accessToken(issuerKey, cnf);
  const bearer = await token();
  const names = ['ES256', 'RS256', 'Ed25519'];
  const bound = names.map(async (alg): Promise<Answering> => {
    const key = await dpopKey(alg);
    const access_token = await token({ jkt: await calculateJwkThumbprint(key.jwk) });
    const claims = { htm: 'GET', htu: `${api}/`, ath: athOf(access_token) };
    const event = async () =>
      apiEvent({ authorization: `DPoP ${access_token}`, dpop: await prove(key, claims) });
    return calling(`DPoP ${alg}`, authorizer, event);
  });
  const first = calling('Bearer', authorizer, async () =>
    apiEvent({ authorization: `Bearer ${bearer}` }),
  );
  return [first, ...(await Promise.all(bound))];
}

const accessToken = (key: TestKey, cnf: object | undefined): Promise<string> =>
  new SignJWT({ client_id: 'basic', scope: 'read', ...(cnf && { cnf }) })
    .setProtectedHeader({ typ: 'at+jwt', alg: key.alg, kid: key.kid })
    .setIssuer(issuer)
    .setAudience(api)
    .setSubject('basic')
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key.privateKey);

const apiEvent = (headers: Readonly<Record<string, string>>) => ({
  ...httpApiEvent({ method: 'GET', path: '/' }),
  type: 'REQUEST',
  routeKey: 'GET /',
  headers,
});

const calling = (
  name: string,
  authorizer: ReturnType<typeof createHandler>,
  event: () => Promise<object>,
): Answering => ({
  name,
  prepare: event,
  async answer(prepared) {
    const answered = await authorizer(prepared);
    if (!('isAuthorized' in answered && answered.isAuthorized)) throw new Error('not authorized');
  },
});
