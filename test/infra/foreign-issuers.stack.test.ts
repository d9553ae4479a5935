import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { foreignIssuers } from '../../functions/authorizer/foreign-issuers.ts';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { ForeignIssuer } from '../../infra/authorizer/foreign-issuer.ts';
import { SecurityProfile } from '../../infra/settings/choices/security-profile.ts';
import { SigningAlgorithm } from '../../infra/settings/choices/signing-algorithm.ts';
import { environmentOf, scratchStack } from './synthesis.ts';

const issuer = 'https://auth.example.com';
const audience = 'https://orders.example.com';

/** What the function of an authorizer is told of these issuers. */
function variableOf(issuers: ForeignIssuer[] | undefined): unknown {
  const stack = scratchStack();
  const routes = { 'GET /orders': ['orders/read'] };
  new AccessTokenAuthorizer(stack, 'Authorizer', { issuer, audience, routes, issuers });
  return environmentOf(Template.fromStack(stack), 'AuthorizerFunction').FOREIGN_ISSUERS;
}

/** The same, read; the function takes it. */
function toldOf(...issuers: ForeignIssuer[]): unknown {
  const text = String(variableOf(issuers));
  foreignIssuers(text, { issuer, audience, fetch, fetchTimeout: 1000, now: () => 0 });
  return JSON.parse(text);
}

const keycloak = { realmUrl: 'https://login.example.com/realms/shop', audience: 'orders' };

describe('I04: an authorizer is told of other issuers', () => {
  test('none', () => {
    expect(variableOf(undefined)).toBe('none');
    expect(variableOf([])).toBe('none');
  });

  test('of each kind that has a name', () => {
    const told = toldOf(
      ForeignIssuer.cognito({
        region: 'eu-central-1',
        userPoolId: 'eu-central-1_Ab1Cd2Ef3',
        resourceServerIdentifier: 'orders',
      }),
      ForeignIssuer.auth0({ domain: 'example.eu.auth0.com', audience }),
      ForeignIssuer.keycloak({ ...keycloak, algorithms: [SigningAlgorithm.ES256] }),
      ForeignIssuer.hydra({ issuer: 'https://hydra.example.com/', audience: 'orders' }),
    );
    expect(told).toEqual([
      {
        issuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1Cd2Ef3',
        scope_prefix: 'orders/',
        algorithms: ['RS256'],
        types: ['none'],
        client_id_claims: ['client_id'],
        scope_claim: 'scope',
        required_claims: { token_use: 'access' },
      },
      {
        issuer: 'https://example.eu.auth0.com/',
        audience,
        algorithms: ['RS256'],
        types: ['JWT', 'at+jwt'],
        client_id_claims: ['azp', 'client_id'],
        scope_claim: 'scope',
        required_claims: {},
      },
      {
        issuer: 'https://login.example.com/realms/shop',
        audience: 'orders',
        algorithms: ['ES256'],
        types: ['JWT', 'at+jwt'],
        client_id_claims: ['azp'],
        scope_claim: 'scope',
        required_claims: { typ: 'Bearer' },
      },
      {
        issuer: 'https://hydra.example.com/',
        audience: 'orders',
        algorithms: ['RS256'],
        types: ['JWT'],
        client_id_claims: ['client_id'],
        scope_claim: 'scp',
        required_claims: {},
      },
    ]);
  });

  test('of any other, by RFC 9068 where nothing is said', () => {
    const other = 'https://login.example.com';
    expect(toldOf(ForeignIssuer.of({ issuer: other, audience }))).toEqual([
      {
        issuer: other,
        audience,
        algorithms: ['RS256'],
        types: ['at+jwt'],
        client_id_claims: ['client_id'],
        scope_claim: 'scope',
        required_claims: {},
      },
    ]);
  });
});

describe('L09: the profile FAPI2 asks of the tokens of all issuers', () => {
  const guarded = (algorithms: SigningAlgorithm[]) => () =>
    new AccessTokenAuthorizer(scratchStack(), 'Authorizer', {
      ...{ issuer, audience, routes: { 'GET /orders': ['orders/read'] } },
      boundTokens: { publicUrl: audience },
      profile: SecurityProfile.FAPI2,
      issuers: [ForeignIssuer.keycloak({ ...keycloak, algorithms })],
    });

  test('that they are signed by what it allows', () => {
    expect(guarded([SigningAlgorithm.PS256, SigningAlgorithm.RS256])).toThrow(
      'algorithms of https://login.example.com/realms/shop has "RS256", which SecurityProfile.FAPI2 does not allow: ' +
        'take some of PS256, ES256, Ed25519, EdDSA.',
    );
    expect(guarded([SigningAlgorithm.PS256])).not.toThrow();
  });
});

test.for<[string, () => unknown, RegExp]>([
  [
    'nothing that says for whom its tokens are',
    () => ForeignIssuer.of({ issuer: 'https://login.example.com' }),
    /^of the tokens of https:\/\/login.example.com neither audience nor scopePrefix says/,
  ],
  [
    'an issuer by http',
    () => ForeignIssuer.of({ issuer: 'http://login.example.com', audience }),
    /must be an https URL without query and fragment/,
  ],
  [
    'an issuer with a query',
    () => ForeignIssuer.keycloak({ ...keycloak, realmUrl: 'https://login.example.com/?realm=1' }),
    /must be an https URL without query and fragment/,
  ],
  [
    'another typ',
    () => ForeignIssuer.of({ issuer: 'https://login.example.com', audience, types: ['id+jwt'] }),
    /types .*must be of at\+jwt, JWT, none/,
  ],
  [
    'the own issuer',
    () => variableOf([ForeignIssuer.of({ issuer, audience })]),
    /^issuers has https:\/\/auth.example.com, whose tokens get in already: leave it out\.$/,
  ],
  [
    'one of them twice',
    () => variableOf([ForeignIssuer.keycloak(keycloak), ForeignIssuer.keycloak(keycloak)]),
    /whose tokens get in already/,
  ],
])('I04 I05: refuses %s', ([, make, sentence]) => {
  expect(make).toThrow(sentence);
});
