import { describe, expect, test } from 'vitest';
import { type ForeignIssuer, foreignIssuers } from '../../functions/authorizer/foreign-issuers.ts';
import type { Revocations } from '../../functions/authorizer/revocations/revocations.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { audience, signToken, start } from '../support/access-tokens.ts';
import { json, raw } from '../support/document-server.ts';
import { memoryDocuments } from '../support/memory/memory-documents.ts';
import { testKey } from '../support/test-key.ts';
import { httpEvent } from './events.ts';
import { issuerKey, type Settings, testAuthorizer } from './test-authorizer.ts';

const theirKey = await testKey();
const allowed = { isAuthorized: true };
const routes = { 'GET /orders/{id}': ['orders/read'] };

/** What the settings of each kind of issuer come to, and a token as it writes it (not one of a live system). */
interface Kind {
  readonly foreign: ForeignIssuer;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const rs256 = { algorithms: ['RS256'] };
const none = { client_id: undefined, nbf: undefined };
const kinds: Readonly<Record<string, Kind>> = {
  Cognito: {
    foreign: {
      ...rs256,
      issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1Cd2Ef3',
      scope_prefix: 'orders/',
      types: ['none'],
      client_id_claims: ['client_id'],
      scope_claim: 'scope',
      required_claims: { token_use: 'access' },
    },
    header: { typ: undefined },
    claims: {
      ...none,
      client_id: 'billing',
      sub: 'billing',
      aud: undefined,
      token_use: 'access',
      scope: 'other/x orders/read',
      version: 2,
    },
  },
  Auth0: {
    foreign: {
      ...rs256,
      issuer: 'https://example.eu.auth0.com/',
      audience: 'https://orders.example.com',
      types: ['JWT', 'at+jwt'],
      client_id_claims: ['azp', 'client_id'],
      scope_claim: 'scope',
      required_claims: {},
    },
    header: { typ: 'JWT' },
    claims: {
      ...none,
      azp: 'billing',
      sub: 'billing@clients',
      aud: 'https://orders.example.com',
      jti: undefined,
      gty: 'client-credentials',
      scope: 'orders/read',
    },
  },
  Keycloak: {
    foreign: {
      ...rs256,
      issuer: 'https://login.example.com/realms/shop',
      audience: 'orders',
      types: ['JWT'],
      client_id_claims: ['azp'],
      scope_claim: 'scope',
      required_claims: { typ: 'Bearer' },
    },
    header: { typ: 'JWT' },
    claims: {
      ...none,
      azp: 'billing',
      typ: 'Bearer',
      aud: ['orders', 'account'],
      scope: 'orders/read',
    },
  },
  Hydra: {
    foreign: {
      ...rs256,
      issuer: 'https://hydra.example.com',
      audience: 'orders',
      types: ['JWT'],
      client_id_claims: ['client_id'],
      scope_claim: 'scp',
      required_claims: {},
    },
    header: { typ: 'JWT' },
    claims: {
      ...none,
      client_id: 'billing',
      sub: undefined,
      aud: ['orders'],
      scope: undefined,
      scp: ['orders/read', 'orders/write'],
    },
  },
};

/** An authorizer that takes ours and those of this kind, whose keys are where its metadata say. */
async function authorizerOf({ foreign }: Kind, settings: Settings = {}) {
  const theirs = memoryDocuments();
  const { issuer } = foreign;
  const base = issuer.replace(/\/$/, '');
  const metadata = `${new URL(base).pathname.replace(/\/$/, '')}/.well-known/openid-configuration`;
  theirs.replies.set(metadata, json({ issuer, jwks_uri: `${base}/certs` }));
  const certs = new URL(`${base}/certs`).pathname;
  theirs.replies.set(certs, json({ keys: [theirKey.jwk] }));
  const ours = memoryDocuments();
  const authorizer = await testAuthorizer({
    routes,
    foreign: [foreign],
    startDocuments: async () => ours,
    fetch: (input, init) =>
      String(input).startsWith(base) ? theirs.fetch(input, init) : ours.fetch(input, init),
    ...settings,
  });
  const theirToken = async (changed: Partial<Kind> = {}, key = theirKey) => {
    const kind = kindOf(foreign);
    const claims = { ...kind.claims, ...changed.claims };
    const token = { claims, header: { ...kind.header, ...changed.header } };
    return `Bearer ${await signToken(issuer, key, token)}`;
  };
  return { ...authorizer, theirs, certs, theirToken };
}

function kindOf(foreign: ForeignIssuer): Kind {
  const kind = Object.values(kinds).find((each) => each.foreign.issuer === foreign.issuer);
  if (kind === undefined) throw new Error('there is no such kind');
  return kind;
}

const { Auth0, Cognito, Hydra, Keycloak } = kinds as Record<string, Kind> & typeof kinds;
const refusal = /^Unauthorized$/;

describe.for(Object.entries(kinds))('a token of %s', ([, kind]) => {
  test('I04: gets in beside those of the own issuer', async () => {
    const { handler, theirToken, bearer, log } = await authorizerOf(kind);
    const answer = await handler(httpEvent(await theirToken()));
    expect(answer).toMatchObject({
      ...allowed,
      context: { iss: kind.foreign.issuer, client_id: 'billing' },
    });
    expect(log.at(-1)).toMatchObject({ outcome: 'allowed', iss: kind.foreign.issuer });
    const own = await bearer({ claims: { scope: 'orders/read' } });
    expect(await handler(httpEvent(own))).toMatchObject(allowed);
    expect(log.at(-1)).not.toHaveProperty('iss');
  });

  test('I03 I05 I06: is refused where it is not what its issuer writes for this API', async () => {
    const { handler, theirToken, log } = await authorizerOf(kind);
    const wrong: readonly Promise<string>[] = [
      theirToken({ header: { typ: 'dpop+jwt' } }),
      theirToken({ header: { typ: 5 } }),
      theirToken({}, issuerKey),
      theirToken({ claims: { exp: start - 6 } }),
      theirToken({ claims: { exp: undefined } }),
      theirToken({ claims: { scope: 'billing/read', scp: ['billing/read'] } }),
      theirToken({ claims: { client_id: undefined, azp: undefined } }),
    ];
    for (const token of wrong) {
      const event = httpEvent(await token);
      const answer = await handler(event).catch((error: Error) => error.message);
      expect(answer === 'Unauthorized' || Object(answer).isAuthorized === false).toBe(true);
    }
    expect(log).toHaveLength(wrong.length);
  });
});

test.for([
  ['an audience that is another', Auth0, { aud: 'https://billing.example.com' }],
  ['no audience', Keycloak, { aud: undefined }],
  ['a list without the audience', Hydra, { aud: ['billing'] }],
  ['an ID token', Keycloak, { typ: 'ID' }],
  ['an ID token of a user', Cognito, { token_use: 'id' }],
  ['no scope of this API', Cognito, { scope: 'other/x' }],
  ['a scope that only looks like it', Cognito, { scope: 'my-orders/read' }],
  ['a scope of an API whose name only begins like this one', Cognito, { scope: 'orders/v2/read' }],
  ['a scope that is no text', Cognito, { scope: 5 }],
  ['a list of scopes with two in one', Hydra, { scp: ['orders/write orders/read'] }],
  ['a list of scopes within a list', Hydra, { scp: [['orders/read']] }],
  [
    'a scope of this API, and an audience that is another',
    Cognito,
    { aud: 'https://bank.example' },
  ],
  ['a scope of this API, and an audience that is none', Cognito, { aud: null }],
] as const)('I05: %s is refused', async ([, kind, claims]) => {
  if (kind === undefined) throw new Error('there is no such kind');
  const { handler, theirToken } = await authorizerOf(kind);
  await expect(handler(httpEvent(await theirToken({ claims })))).rejects.toThrow(refusal);
});

test('I05: where the scope says for whom tokens are, an empty list of audiences names no other API', async () => {
  const { foreign, ...kind } = kinds.Hydra as Kind;
  const { handler, theirToken } = await authorizerOf({
    ...kind,
    foreign: { ...foreign, audience: undefined, scope_prefix: 'orders/' },
  });
  expect(await handler(httpEvent(await theirToken({ claims: { aud: [] } })))).toMatchObject(
    allowed,
  );
  const other = await theirToken({ claims: { aud: ['billing'] } });
  await expect(handler(httpEvent(other))).rejects.toThrow(refusal);
});

test('I05: a token without need of an audience gets in with that of this API', async () => {
  const { handler, theirToken } = await authorizerOf(kinds.Cognito as Kind);
  const token = await theirToken({ claims: { aud: audience } });
  expect(await handler(httpEvent(token))).toMatchObject(allowed);
});

test('I03: a token of Auth0 by RFC 9068 names its client in client_id', async () => {
  const { handler, theirToken } = await authorizerOf(kinds.Auth0 as Kind);
  const claims = { azp: undefined, gty: undefined, client_id: 'billing', jti: 'one' };
  const answer = await handler(httpEvent(await theirToken({ header: { typ: 'at+jwt' }, claims })));
  expect(answer).toMatchObject({ ...allowed, context: { client_id: 'billing', jti: 'one' } });
});

describe('two issuers', () => {
  const keycloak = () => authorizerOf(kinds.Keycloak as Kind);

  test('I06: a key of the one verifies nothing of the other', async () => {
    const { handler, bearer, theirToken } = await keycloak();
    await expect(handler(httpEvent(await bearer({}, theirKey)))).rejects.toThrow(refusal);
    await expect(handler(httpEvent(await theirToken({}, issuerKey)))).rejects.toThrow(refusal);
  });

  test('I03: what another issuer may write counts for its own tokens alone', async () => {
    const { handler, bearer } = await keycloak();
    const scope = 'orders/read';
    const plain = await bearer({ header: { typ: 'JWT' }, claims: { scope } });
    await expect(handler(httpEvent(plain))).rejects.toThrow(refusal);
    const renamed = await bearer({ claims: { scope, client_id: undefined, azp: 'billing' } });
    await expect(handler(httpEvent(renamed))).rejects.toThrow(refusal);
  });

  test('I04: a third one, an issuer that is no text, and no JSON are refused', async () => {
    const { handler, issuer } = await keycloak();
    for (const payload of ['{"iss":"https://elsewhere.example.com"}', '{"iss":5}', 'null', '{']) {
      const token = await signToken(issuer.url, issuerKey, { payload });
      await expect(handler(httpEvent(`Bearer ${token}`))).rejects.toThrow(refusal);
    }
    await expect(handler(httpEvent('Bearer abc'))).rejects.toThrow(refusal);
  });

  test('A24: while the one is down, the tokens of the other get in', async () => {
    const { handler, theirs, certs, bearer, theirToken } = await keycloak();
    theirs.replies.set(certs, raw(503, {}, ''));
    await expect(handler(httpEvent(await theirToken()))).rejects.toThrow(/cannot decide/);
    const own = await bearer({ claims: { scope: 'orders/read' } });
    expect(await handler(httpEvent(own))).toMatchObject(allowed);
  });

  test('I06: a new key under an old kid counts within five minutes, and the old one no longer', async () => {
    const { handler, theirs, certs, theirToken, clock } = await keycloak();
    const old = await theirToken();
    expect(await handler(httpEvent(old))).toMatchObject(allowed);
    const { kid } = theirKey;
    const next = { ...(await testKey()), kid };
    theirs.replies.set(certs, json({ keys: [{ ...next.jwk, kid }] }));
    await expect(handler(httpEvent(await theirToken({}, next)))).rejects.toThrow(refusal);
    clock.now += 300;
    expect(await handler(httpEvent(await theirToken({}, next)))).toMatchObject(allowed);
    await expect(handler(httpEvent(old))).rejects.toThrow(refusal);
  });

  test('I13: what the own issuer has taken back, or cannot tell, is nothing to the other', async () => {
    const unknown: Revocations = {
      current: () => Promise.reject(unavailable(new Error('not known'))),
    };
    const revoked: Revocations = {
      current: async () => ({
        isStale: false,
        revoked: {
          clients: new Map([['billing', start + 1]]),
          resources: new Map([[audience, start + 1]]),
          keys: new Set([theirKey.kid]),
          tokens: new Set(),
          statusLists: new Map(),
        },
      }),
    };
    for (const revocations of [unknown, revoked]) {
      const { handler, theirToken } = await authorizerOf(kinds.Keycloak as Kind, {
        revocations: () => revocations,
      });
      expect(await handler(httpEvent(await theirToken()))).toMatchObject(allowed);
    }
  });
});

describe('FOREIGN_ISSUERS', () => {
  const issuer = 'https://auth.example.com';
  const surroundings = { issuer, audience, fetch, fetchTimeout: 1000, now: () => start };
  const { foreign } = kinds.Auth0 as Kind;

  test('I04: none is nobody', () => {
    expect(foreignIssuers('none', surroundings)).toBeUndefined();
  });

  test.for([
    ['nothing says for whom its tokens are', { audience: undefined }],
    ['an empty audience', { audience: '' }],
    ['no algorithm', { algorithms: [] }],
    ['an algorithm of shared secrets', { algorithms: ['HS256'] }],
    ['no typ', { types: [] }],
    ['an issuer by http', { issuer: 'http://example.com' }],
    ['the own issuer, of whose tokens it is asked whether they were taken back', { issuer }],
  ] as const)('I05 I06: a cold start fails with %s', ([, change]) => {
    const text = JSON.stringify([{ ...foreign, ...change }]);
    expect(() => foreignIssuers(text, surroundings)).toThrow(Error);
  });
});
