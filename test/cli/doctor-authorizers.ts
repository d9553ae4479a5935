/** What templates can say of an authorizer, and what `countersign doctor` makes of it. */

type Properties = Readonly<Record<string, unknown>>;
export type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Properties?: Properties }>
>;

/** A title, the resources of a template, and what is said of its authorizer: status and words. */
type Case = readonly [string, Resources, status: string, what: RegExp];

const http = (Properties: Properties) => ({
  A: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: { AuthorizerType: 'REQUEST', AuthorizerPayloadFormatVersion: '2.0', ...Properties },
  },
});
const rest = (Properties: Properties) => ({
  A: { Type: 'AWS::ApiGateway::Authorizer', Properties },
});
/** The same, calling a function of ours that takes bound tokens. */
const bound = (resources: Resources, environment = { BOUND_TOKENS: 'accepted' }): Resources => ({
  A: {
    Type: resources.A?.Type ?? '',
    Properties: { ...resources.A?.Properties, AuthorizerUri: { 'Fn::GetAtt': ['F', 'Arn'] } },
  },
  F: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: environment } } },
});
const header = '$request.header.Authorization';
const routeKey = '$context.routeKey';
const restHeader = 'method.request.header.Authorization';

export const authorizers: readonly Case[] = [
  [
    'D18: answers for bound tokens, at an HTTP API',
    bound(
      http({
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: 1,
        IdentitySource: [header, routeKey],
      }),
    ),
    'problem',
    /without a look at the proof/,
  ],
  [
    'D18: answers for bound tokens, at a REST API that does not say for how long',
    bound(rest({ Type: 'REQUEST', IdentitySource: restHeader })),
    'problem',
    /without a look at the proof/,
  ],
  [
    'D18: answers for bound tokens, by an alias in a text',
    {
      ...bound(rest({ Type: 'REQUEST', IdentitySource: restHeader })),
      V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } },
      L: {
        Type: 'AWS::Lambda::Alias',
        Properties: { FunctionVersion: { 'Fn::GetAtt': ['V', 'Version'] } },
      },
      A: {
        Type: 'AWS::ApiGateway::Authorizer',
        Properties: {
          Type: 'REQUEST',
          IdentitySource: restHeader,
          AuthorizerUri: { 'Fn::Sub': `arn:aws:apigateway:path/functions/\${L}/invocations` },
        },
      },
    },
    'problem',
    /without a look at the proof/,
  ],
  [
    'D18: no answers for bound tokens',
    bound(
      http({
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: 0,
        IdentitySource: [header],
      }),
    ),
    'ok',
    /caches no answer/,
  ],
  [
    'I12: answers of type TOKEN, where bound tokens are refused',
    bound(rest({ Type: 'TOKEN', AuthorizerResultTtlInSeconds: 60, IdentitySource: restHeader })),
    'ok',
    /caches an answer for 60 s/,
  ],
  [
    'simple answers, for each token on each route',
    http({
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: [header, routeKey],
    }),
    'ok',
    /for 60 s, under \$request\.header\.Authorization and \$context\.routeKey/,
  ],
  [
    'simple answers, for a token on whatever route',
    http({
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: [header],
    }),
    'problem',
    /without \$context\.routeKey: one cached answer opens every route/,
  ],
  [
    'the same, and the template does not say for how long',
    http({ EnableSimpleResponses: true, IdentitySource: [header] }),
    'problem',
    /one cached answer opens every route/,
  ],
  [
    'answers for a route, whoever calls',
    http({ AuthorizerResultTtlInSeconds: 60, IdentitySource: [routeKey] }),
    'problem',
    /without \$request\.header\.Authorization: one cached answer is for every caller/,
  ],
  [
    'policies, for each token, in other letters',
    http({ AuthorizerResultTtlInSeconds: 60, IdentitySource: [header.toLowerCase()] }),
    'ok',
    /for 60 s/,
  ],
  [
    'nothing',
    http({ EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 0 }),
    'ok',
    /caches no answer/,
  ],
  [
    'answers for an hour',
    http({ AuthorizerResultTtlInSeconds: '3600', IdentitySource: [header] }),
    'warning',
    /for 3600 s: a token that has expired or was revoked is honoured for as long/,
  ],
  [
    'answers for as long as a parameter says',
    http({ AuthorizerResultTtlInSeconds: { Ref: 'Ttl' }, IdentitySource: [header] }),
    'not checked',
    /^How long the authorizer A of the stack Orders caches an answer is a parameter/,
  ],
  [
    'answers for whatever route, for as long as a parameter says',
    http({
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: { Ref: 'Ttl' },
      IdentitySource: [header],
    }),
    'problem',
    /may cache answers without \$context\.routeKey: one cached answer opens every route/,
  ],
  [
    'answers under what a parameter says',
    http({ EnableSimpleResponses: true, IdentitySource: [header, { Ref: 'Source' }] }),
    'not checked',
    /^What the authorizer A of the stack Orders caches an answer under is a parameter/,
  ],
  [
    'REST API, TOKEN, in another header',
    rest({
      Type: 'TOKEN',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: 'method.request.header.X-Token',
    }),
    'warning',
    /takes the access token from method\.request\.header\.X-Token, not from Authorization/,
  ],
  ['REST API, TOKEN', rest({ Type: 'TOKEN', IdentitySource: restHeader }), 'ok', /for 300 s/],
  [
    'REST API, REQUEST, for each token',
    rest({ Type: 'REQUEST', IdentitySource: `${restHeader}, context.httpMethod` }),
    'ok',
    /for 300 s, under method\.request\.header\.Authorization and context\.httpMethod/,
  ],
  [
    'REST API, REQUEST, for each address',
    rest({ Type: 'REQUEST', IdentitySource: 'context.identity.sourceIp' }),
    'problem',
    /one cached answer is for every caller/,
  ],
  [
    'what belongs to others',
    {
      ...http({ AuthorizerType: 'JWT' }),
      B: { Type: 'AWS::ApiGateway::Authorizer', Properties: { Type: 'COGNITO_USER_POOLS' } },
      C: { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { AuthorizerType: 'REQUEST' } },
    },
    'not checked',
    /^No Lambda authorizer is known/,
  ],
];
