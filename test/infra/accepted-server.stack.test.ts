import { Template } from 'aws-cdk-lib/assertions';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import { NodeFunction } from '../../infra/node-function.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import type { AuthorizationServerProps } from '../../infra/server/authorization-server-props.ts';
import { SecurityProfile } from '../../infra/settings/choices/security-profile.ts';
import { SigningAlgorithm } from '../../infra/settings/choices/signing-algorithm.ts';
import { environmentOf, scratchStack } from './synthesis.ts';

const issuer = 'https://auth.example.com';
const api = { audience: 'https://api.example.com', routes: { 'GET /': ['read'] } };
const boundTokens = { publicUrl: 'https://api.example.com' };

/** A stack with a server, whose issuer is not of the template's making. */
function stackWith(special: AuthorizationServerProps = {}) {
  const stack = scratchStack();
  return { stack, server: new AuthorizationServer(stack, 'Server', { issuer, ...special }) };
}

describe('the authorization server as a property', () => {
  test('I04: says whose tokens an authorizer takes, and by which algorithms they are signed', () => {
    const { stack, server } = stackWith({ signingAlgorithm: SigningAlgorithm.ES256 });
    new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, server });
    expect(environmentOf(Template.fromStack(stack), 'AuthorizerFunction')).toMatchObject({
      ISSUER: issuer,
      ALGORITHMS: 'ES256 ES384',
    });
  });

  test('L08: says under which profile it is', () => {
    const { stack, server } = stackWith({ profile: SecurityProfile.FAPI2 });
    new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, server, boundTokens });
    expect(environmentOf(Template.fromStack(stack), 'AuthorizerFunction')).toMatchObject({
      ALGORITHMS: 'PS256',
      BOUND_TOKENS: 'required',
      DPOP_ALGORITHMS: 'PS256 ES256 EdDSA Ed25519',
    });
  });

  test('I04: says the same to a guard', () => {
    const { stack, server } = stackWith({ signingAlgorithm: SigningAlgorithm.ES256 });
    const mine = new NodeFunction(stack, 'Mine', {
      description: 'mine',
      entry: 'demo-api/index',
      environment: {},
    });
    const httpApis = [new HttpApi(stack, 'Api')];
    new AccessTokenGuard(stack, 'Guard', { ...api, server, boundTokens, httpApis, function: mine });
    expect(environmentOf(Template.fromStack(stack), 'Mine')).toMatchObject({
      COUNTERSIGN_ISSUER: issuer,
      COUNTERSIGN_ALGORITHMS: 'ES256 ES384',
    });
  });

  test.for<[string, Partial<AccessTokenAuthorizerProps>]>([
    ['issuer', { issuer }],
    ['algorithms', { algorithms: [SigningAlgorithm.RS256] }],
    ['profile', { profile: SecurityProfile.NONE }],
  ])('does not go with %s, which it says itself', ([name, twice]) => {
    const { stack, server } = stackWith();
    expect(() => new AccessTokenAuthorizer(stack, 'A', { ...api, server, ...twice })).toThrow(
      `server is set, which says what ${name} is: leave ${name} out.`,
    );
  });

  test('or the issuer is needed', () => {
    expect(() => new AccessTokenAuthorizer(scratchStack(), 'A', api)).toThrow(
      'neither server nor issuer is set',
    );
  });
});
