import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { withoutRevocations } from '../../functions/authorizer/revocations/environment.ts';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import type { SigningAlgorithm } from '../../infra/settings/choices/signing-algorithm.ts';
import { permissionsOf } from './permissions.ts';
import { environmentOf, propertiesOf, scratchStack, synthesize } from './synthesis.ts';

const { demoApi } = synthesize();

describe('the demo API', () => {
  const [authorizerId = ''] = Object.keys(demoApi.findResources('AWS::ApiGatewayV2::Authorizer'));

  test('I16: each of its routes is behind the authorizer, within the guard, or its metadata', () => {
    const routes = Object.values(demoApi.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties)).toMatchObject([
      { RouteKey: 'GET /', AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: authorizerId } },
      { RouteKey: 'POST /', AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: authorizerId } },
      { RouteKey: 'GET /guarded', AuthorizationType: 'NONE' },
      { RouteKey: 'POST /guarded', AuthorizationType: 'NONE' },
      { RouteKey: 'GET /.well-known/oauth-protected-resource', AuthorizationType: 'NONE' },
      { RouteKey: 'HEAD /.well-known/oauth-protected-resource', AuthorizationType: 'NONE' },
      { RouteKey: 'OPTIONS /.well-known/oauth-protected-resource', AuthorizationType: 'NONE' },
    ]);
  });

  test('D18: no answer is cached, for a proof counts once', () => {
    expect(propertiesOf(demoApi, 'AWS::ApiGatewayV2::Authorizer')).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: [
        '$request.header.Authorization',
        '$context.routeKey',
        '$context.httpMethod',
        '$context.path',
      ],
      AuthorizerResultTtlInSeconds: 0,
    });
  });

  test("I04 I05: takes Countersign's tokens for itself", () => {
    const [apiId] = Object.keys(demoApi.findResources('AWS::ApiGatewayV2::Api'));
    const apiUrl = { 'Fn::GetAtt': [apiId, 'ApiEndpoint'] };
    const issuer = { 'Fn::GetStackOutput': { StackName: 'Countersign', OutputName: 'Issuer' } };
    const shared = {
      ISSUER: issuer,
      AUDIENCE: apiUrl,
      ALGORITHMS: 'RS256 PS256',
      FOREIGN_ISSUERS: 'none',
      PUBLIC_URL: apiUrl,
      BOUND_TOKENS: 'accepted',
      DPOP_ALGORITHMS: 'RS256 PS256 ES256 ES384 EdDSA Ed25519',
      DPOP_NONCE: 'off',
      ...withoutRevocations,
      REVOCATION_LIST: { 'Fn::Join': ['', [issuer, '/revocation-list']] },
    };
    expect(environmentOf(demoApi, 'AuthorizerFunction')).toEqual({
      ...shared,
      ROUTES: '{"GET /":["read"],"POST /":["write"]}',
      RESOURCE_METADATA: 'none',
      EPHEMERA_TABLE: { Ref: expect.stringMatching(/^AuthorizerEphemera/) },
    });
    expect(environmentOf(demoApi, 'GuardedFunction')).toEqual(
      guarding({
        ...shared,
        ROUTES: '{"GET /guarded":["read"],"POST /guarded":["write"]}',
        RESOURCE_METADATA: {
          'Fn::Join': ['', [apiUrl, '/.well-known/oauth-protected-resource']],
        },
        EPHEMERA_TABLE: { Ref: expect.stringMatching(/^GuardedFunctionGuardEphemera/) },
        API_IDS: { Ref: expect.stringMatching(/^HttpApi/) },
      }),
    );
    expect(demoApi.toJSON().Outputs.DemoApiUrl.Value).toEqual(apiUrl);
  });

  test.for([
    [{ signingAlgorithm: 'PS256' }, 'RS256 PS256'],
    [{ signingAlgorithm: 'ES384' }, 'ES256 ES384'],
    [{ signingAlgorithm: 'Ed25519' }, 'Ed25519 EdDSA'],
    [{ signingAlgorithm: 'ML-DSA-44', experimentalAlgorithms: true }, 'ML-DSA-44 ML-DSA-65'],
    [{ mixedKeyFamilies: 'true' }, 'RS256 PS256 ES256 ES384 Ed25519 EdDSA ML-DSA-44 ML-DSA-65'],
  ] as const)('I06: with %j it takes %s', ([context, algorithms]) => {
    const { demoApi: configured } = synthesize(context);
    expect(environmentOf(configured, 'AuthorizerFunction')).toMatchObject({
      ALGORITHMS: algorithms,
    });
  });

  test('its URL is a setting', () => {
    const demoApiUrl = 'https://api.example.com/';
    const { demoApi: configured } = synthesize({ demoApiUrl });
    expect(environmentOf(configured, 'AuthorizerFunction')).toMatchObject({
      AUDIENCE: demoApiUrl,
      PUBLIC_URL: 'https://api.example.com',
    });
    const { demoApi: named } = synthesize({ demoApiUrl: 'urn:example:api' });
    expect(environmentOf(named, 'AuthorizerFunction')).toMatchObject({
      AUDIENCE: 'urn:example:api',
      PUBLIC_URL: { 'Fn::GetAtt': expect.anything() },
    });
    expect(configured.toJSON().Outputs.DemoApiUrl.Value).toBe(demoApiUrl);
  });

  test('L08, D17: the profile and the nonces of the authorization server are its own', () => {
    const { demoApi: configured } = synthesize({ profile: 'fapi2', dpopNonce: 'required' });
    const strict = {
      ALGORITHMS: 'PS256',
      BOUND_TOKENS: 'required',
      DPOP_ALGORITHMS: 'PS256 ES256 EdDSA Ed25519',
    };
    // An HTTP API's authorizer cannot tell a nonce.
    const authorizer = environmentOf(configured, 'AuthorizerFunction');
    expect(authorizer).toMatchObject({ ...strict, DPOP_NONCE: 'off' });
    const guarded = environmentOf(configured, 'GuardedFunction');
    expect(guarded).toMatchObject(guarding({ ...strict, DPOP_NONCE: 'required' }));
  });

  const logs = (id: string) => {
    const on = `AWS::Logs::LogGroup ${id}Logs`;
    return [
      { action: 'logs:CreateLogStream', on },
      { action: 'logs:PutLogEvents', on },
    ];
  };

  test('Function may write its log and nothing else', () => {
    expect(permissionsOf(demoApi, 'Function')).toEqual(logs('Function'));
  });

  test.for([
    ['AuthorizerFunction', 'AuthorizerEphemera'],
    ['GuardedFunction', 'GuardedFunctionGuardEphemera'],
  ] as const)('%s may remember proofs, too', ([id, table]) => {
    expect(permissionsOf(demoApi, id)).toEqual([
      { action: 'dynamodb:PutItem', on: `AWS::DynamoDB::GlobalTable ${table}` },
      ...logs(id),
    ]);
  });

  test('the guarded function may read the keys of nonces where there are any', () => {
    const { demoApi: configured } = synthesize({ dpopNonce: 'required' });
    const condition = {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['nonce-key#*'] },
    };
    const on = 'AWS::DynamoDB::GlobalTable GuardedFunctionGuardEphemera';
    expect(permissionsOf(configured, 'GuardedFunction')).toEqual([
      { action: 'dynamodb:GetItem', on, condition },
      { action: 'dynamodb:PutItem', on },
      ...logs('GuardedFunction'),
    ]);
  });
});

/** The variables of a guard, which have names of their own. */
const guarding = (variables: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`COUNTERSIGN_${name}`, value]),
  );

describe('a REST API', () => {
  test('TOKEN: an answer is cached for one token', () => {
    const stack = scratchStack();
    guard(stack, authorizer(stack, { resultsCacheTtl: Duration.minutes(5) }).restTokenAuthorizer());
    expect(propertiesOf(Template.fromStack(stack), 'AWS::ApiGateway::Authorizer')).toMatchObject({
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 300,
    });
  });

  test('I16: REQUEST: an answer is cached for one token, method and path', () => {
    const stack = scratchStack();
    guard(stack, authorizer(stack).restRequestAuthorizer());
    expect(propertiesOf(Template.fromStack(stack), 'AWS::ApiGateway::Authorizer')).toMatchObject({
      Type: 'REQUEST',
      IdentitySource:
        'method.request.header.Authorization,context.httpMethod,context.resourcePath,context.path',
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  test('I09: 401 and 403 carry a challenge; the 401 says no error code, the 403 what is needed', () => {
    const stack = scratchStack();
    const made = authorizer(stack, { audience: "https://api.example.com/it's" });
    made.addChallenges(guard(stack, made.restTokenAuthorizer()));
    const responses = Template.fromStack(stack).findResources('AWS::ApiGateway::GatewayResponse');
    const header = 'gatewayresponse.header.WWW-Authenticate';
    expect(Object.values(responses).map(({ Properties }) => Properties)).toMatchObject([
      {
        ResponseType: 'UNAUTHORIZED',
        StatusCode: '401',
        ResponseParameters: { [header]: `'Bearer realm="https://api.example.com/it%27s"'` },
      },
      {
        ResponseType: 'ACCESS_DENIED',
        StatusCode: '403',
        ResponseParameters: { [header]: 'context.authorizer.wwwAuthenticate' },
      },
    ]);
  });

  test('two authorizers guard routes of one HTTP API', () => {
    const stack = scratchStack();
    const httpApi = new HttpApi(stack, 'Shared');
    const integration = new HttpUrlIntegration('Anywhere', 'https://example.com');
    for (const name of ['one', 'two']) {
      const [path, methods] = [`/${name}`, [HttpMethod.GET]];
      const made = authorizer(new Construct(stack, name), { routes: { [`GET ${path}`]: [] } });
      httpApi.addRoutes({ path, methods, integration, authorizer: made.httpAuthorizer() });
    }
    Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::Authorizer', 2);
  });

  test('each form is made once, however often it is asked for', () => {
    const made = authorizer(scratchStack());
    expect(made.httpAuthorizer()).toBe(made.httpAuthorizer());
    expect(made.restTokenAuthorizer()).toBe(made.restTokenAuthorizer());
    expect(made.restRequestAuthorizer()).toBe(made.restRequestAuthorizer());
  });
});

/** What JavaScript may pass, or a copy of another version. */
const named = (name: string): SigningAlgorithm => ({ name });

describe('what it is given wrong is one sentence at synthesis', () => {
  const many = (count: number): AccessTokenAuthorizerProps['routes'] =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`GET /resource-${n}`, ['read']]));

  test.for<[string, Partial<AccessTokenAuthorizerProps>, string]>([
    [
      'issuer',
      { issuer: 'https://auth.example.com/' },
      'issuer is "https://auth.example.com/", but it must',
    ],
    ['audience', { audience: 'api' }, 'audience is "api", but it must be an absolute URI'],
    ['no algorithm', { algorithms: [] }, 'algorithms is empty, so that'],
    ['I06: none', { algorithms: [named('none')] }, 'algorithms has "none", but each must be'],
    ['I06: HS256', { algorithms: [named('HS256')] }, 'algorithms has "HS256", but each must be'],
    [
      'a text, as JavaScript may have it',
      { algorithms: ['ES256' as unknown as SigningAlgorithm] },
      'algorithms has "ES256", but each must be one of SigningAlgorithm, such as SigningAlgorithm.ES256, or SigningAlgorithm.of(',
    ],
    [
      'cache',
      { resultsCacheTtl: Duration.hours(2) },
      'resultsCacheTtl is 7200, but it must be at most',
    ],
    ['no routes', { routes: {} }, 'routes is wrong: '],
    ['route key', { routes: { '/orders': [] } }, 'routes is wrong: the route key "/orders"'],
    ['A13: scope', { routes: { 'GET /': ['a b'] } }, 'routes is wrong: the scope of "GET /"'],
  ])('%s', ([, props, sentence]) => {
    expect(() => authorizer(scratchStack(), props)).toThrow(sentence);
  });

  test('I16: routes that one policy cannot tell apart, for a TOKEN authorizer only', () => {
    const routes = { 'GET /orders/{id}': ['admin'], 'GET /orders/{id}/lines': ['read'] };
    const made = authorizer(scratchStack(), { routes });
    const sentence =
      'routes has "GET /orders/{id}", which as a policy also covers "GET /orders/{id}/lines" and asks ' +
      'for more: take restRequestAuthorizer() instead, give "GET /orders/{id}/lines" at least the same ' +
      'scope, or move one of the two to a path that the other does not match.';
    expect(() => made.restTokenAuthorizer()).toThrow(sentence);
    expect(() => made.restRequestAuthorizer()).not.toThrow();
    expect(() => made.httpAuthorizer()).not.toThrow();
  });

  test('a policy larger than API Gateway takes, for a TOKEN authorizer only', () => {
    const made = authorizer(scratchStack(), { routes: many(80) });
    expect(() => made.restTokenAuthorizer()).toThrow(
      /^routes makes a policy of \d+ bytes, but a TOKEN authorizer has room for 4608, some 39 routes: /,
    );
    expect(() => made.restRequestAuthorizer()).not.toThrow();
    expect(() => made.httpAuthorizer()).not.toThrow();
  });
});

function authorizer(
  stack: Construct,
  props: Partial<AccessTokenAuthorizerProps> = {},
): AccessTokenAuthorizer {
  return new AccessTokenAuthorizer(stack, 'Authorizer', {
    issuer: 'https://auth.example.com',
    audience: 'https://api.example.com',
    routes: { 'GET /orders': ['read'] },
    ...props,
  });
}

function guard(
  stack: Construct,
  restAuthorizer: ReturnType<
    AccessTokenAuthorizer['restTokenAuthorizer' | 'restRequestAuthorizer']
  >,
): RestApi {
  const api = new RestApi(stack, 'Api');
  const orders = api.root.addResource('orders');
  orders.addMethod('GET', new MockIntegration(), { authorizer: restAuthorizer });
  return api;
}
