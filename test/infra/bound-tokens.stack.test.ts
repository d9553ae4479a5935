import { CfnOutput, CfnResource, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ApiDefinition,
  IdentitySource,
  MockIntegration,
  RequestAuthorizer,
  RestApi,
  SpecRestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnAuthorizer, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  HttpLambdaIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alias, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import { NodeFunction } from '../../infra/node-function.ts';
import { DpopNonce } from '../../infra/settings/choices/dpop-nonce.ts';
import { SecurityProfile } from '../../infra/settings/choices/security-profile.ts';
import { SigningAlgorithm } from '../../infra/settings/choices/signing-algorithm.ts';
import { environmentOf, propertiesOf, scratchStack } from './synthesis.ts';

const boundTokens = { publicUrl: 'https://api.example.com' };
const api = { issuer: 'https://auth.example.com', audience: 'https://api.example.com' };
const routes = { 'GET /': ['read'] };

/** An authorizer that takes bound tokens. */
const authorizer = (stack: Stack, special: Partial<AccessTokenAuthorizerProps> = {}) =>
  new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes, boundTokens, ...special });

const cacheIs = 'with boundTokens API Gateway would let in whoever shows an Authorization value';

describe('D18: an answer from a cache would be a way around the proof', () => {
  test('API Gateway keeps no answer', () => {
    const stack = scratchStack();
    const made = authorizer(stack);
    const integration = new HttpUrlIntegration('Anywhere', 'https://example.com');
    const httpApi = new HttpApi(stack, 'Api');
    const methods = [HttpMethod.GET];
    httpApi.addRoutes({ path: '/', methods, integration, authorizer: made.httpAuthorizer() });
    const restApi = new RestApi(stack, 'RestApi');
    restApi.root.addMethod('GET', new MockIntegration(), {
      authorizer: made.restRequestAuthorizer(),
    });
    const template = Template.fromStack(stack);
    for (const type of ['AWS::ApiGatewayV2::Authorizer', 'AWS::ApiGateway::Authorizer']) {
      expect(propertiesOf(template, type)).toMatchObject({ AuthorizerResultTtlInSeconds: 0 });
    }
  });

  test('to ask for a cache fails, with a sentence that says why and how to mend it', () => {
    expect(() => authorizer(scratchStack(), { resultsCacheTtl: Duration.seconds(1) })).toThrow(
      `resultsCacheTtl is 1 seconds, but ${cacheIs} that it has seen, without anybody looking at ` +
        'the proof: leave resultsCacheTtl out, or set it to Duration.seconds(0).',
    );
    expect(() =>
      authorizer(scratchStack(), { resultsCacheTtl: Duration.seconds(0) }),
    ).not.toThrow();
  });

  const byHand: Readonly<Record<string, (stack: Stack, made: AccessTokenAuthorizer) => void>> = {
    'a REQUEST authorizer with the default of the CDK'(stack, made) {
      const handler = made.function;
      const identitySources = [IdentitySource.header('Authorization')];
      attach(stack, new RequestAuthorizer(stack, 'Mine', { handler, identitySources }));
    },
    'a REQUEST authorizer that has the proof in its key, too'(stack, made) {
      const handler = made.function;
      const names = ['Authorization', 'DPoP'];
      const identitySources = names.map((name) => IdentitySource.header(name));
      attach(stack, new RequestAuthorizer(stack, 'Mine', { handler, identitySources }));
    },
    'an authorizer of an HTTP API with the default of the CDK'(stack, made) {
      new HttpApi(stack, 'Api').addRoutes({
        path: '/',
        methods: [HttpMethod.GET],
        integration: new HttpUrlIntegration('Anywhere', 'https://example.com'),
        authorizer: new HttpLambdaAuthorizer('Mine', made.function),
      });
    },
    'one that calls an alias'(stack, made) {
      const { currentVersion: version } = made.function;
      const handler = new Alias(stack, 'Live', { aliasName: 'live', version });
      const identitySources = [IdentitySource.header('Authorization')];
      attach(stack, new RequestAuthorizer(stack, 'Mine', { handler, identitySources }));
    },
    'one that is written out'(stack, made) {
      writtenOut(stack, made);
    },
    'one that is written out in another stack'(stack, made) {
      writtenOut(new Stack(stack.node.scope, 'Other'), made);
    },
    'one whose cache is written over'(stack, made) {
      const authorizerUri = uriOf(made.function.functionArn);
      const props = { apiId: 'a', authorizerType: 'REQUEST', name: 'mine', authorizerUri };
      const mine = new CfnAuthorizer(stack, 'Mine', props);
      mine.addPropertyOverride('AuthorizerResultTtlInSeconds', 300);
    },
    'one that is a resource like any'(stack, made) {
      new CfnResource(stack, 'Mine', {
        type: 'AWS::ApiGatewayV2::Authorizer',
        properties: {
          AuthorizerUri: uriOf(made.function.functionArn),
          AuthorizerResultTtlInSeconds: 300,
        },
      });
    },
    'one that names the function in a text'(stack, made) {
      const id = stack.getLogicalId(made.function.node.defaultChild as CfnResource);
      new CfnAuthorizer(stack, 'Mine', {
        apiId: 'a',
        authorizerType: 'REQUEST',
        name: 'mine',
        authorizerUri: Fn.sub(uriOf(`\${${id}.Arn}`)),
        authorizerResultTtlInSeconds: 300,
      });
    },
    'one in an OpenAPI definition'(stack, made) {
      const definition = {
        openapi: '3.0.1',
        paths: {},
        components: {
          securitySchemes: {
            mine: {
              type: 'apiKey',
              'x-amazon-apigateway-authorizer': {
                type: 'request',
                authorizerUri: uriOf(made.function.functionArn),
              },
            },
          },
        },
      };
      new SpecRestApi(stack, 'Api', { apiDefinition: ApiDefinition.fromInline(definition) });
    },
  };

  test.for(Object.entries(byHand))('%s fails the synthesis', ([, make]) => {
    const stack = scratchStack();
    make(stack, authorizer(stack));
    expect(() => Template.fromStack(stack)).toThrow(
      /keeps the answers of "Scratch\/Authorizer\/Function" for \d+ seconds, but with boundTokens/,
    );
  });

  test('without a cache, or where bound tokens are always refused, it does not', () => {
    const stack = scratchStack();
    const listed = { ...routes, 'GET /plain': ['read'] };
    const { function: handler } = authorizer(stack, { routes: listed });
    const identitySources = [IdentitySource.header('Authorization')];
    const resultsCacheTtl = Duration.seconds(0);
    const props = { handler, identitySources, resultsCacheTtl };
    attach(stack, new RequestAuthorizer(stack, 'Mine', props));
    attach(stack, new TokenAuthorizer(stack, 'Plain', { handler }), '/plain');
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('nor does a cache of an authorizer that takes no bound tokens', () => {
    const stack = scratchStack();
    const { function: handler } = authorizer(stack, { boundTokens: undefined });
    const names = ['httpMethod', 'resourcePath', 'path'];
    const contexts = names.map((name) => IdentitySource.context(name));
    const identitySources = [IdentitySource.header('Authorization'), ...contexts];
    attach(stack, new RequestAuthorizer(stack, 'Mine', { handler, identitySources }));
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('even one that has the same logical id, in another stack', () => {
    const stack = scratchStack();
    const other = new Stack(stack.node.scope, 'Other');
    const made = authorizer(stack);
    const plain = authorizer(other, { boundTokens: undefined });
    attach(other, plain.restRequestAuthorizer());
    const ids = [made, plain].map(({ function: { functionArn } }) => stack.resolve(functionArn));
    expect(ids[0]).toEqual(ids[1]);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

function writtenOut(stack: Stack, made: AccessTokenAuthorizer): void {
  const { functionArn } = made.function;
  new CfnAuthorizer(stack, 'Mine', {
    apiId: 'a',
    authorizerType: 'REQUEST',
    name: 'mine',
    authorizerUri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
    authorizerResultTtlInSeconds: 1,
  });
}

const uriOf = (arn: string): string =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`;

function attach(stack: Stack, made: RequestAuthorizer | TokenAuthorizer, path = '/'): void {
  const root = new RestApi(stack, `Api${made.node.id}`).root;
  const resource = path === '/' ? root : root.resourceForPath(path);
  resource.addMethod('GET', new MockIntegration(), { authorizer: made });
}

describe('a TOKEN authorizer sees neither proof nor certificate', () => {
  const warnings = (scope: IConstruct) =>
    scope.node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data);

  test('I12: the construct says so', () => {
    const made = authorizer(scratchStack());
    expect(warnings(made)).toEqual([]);
    made.restTokenAuthorizer();
    made.restTokenAuthorizer();
    expect(warnings(made)).toEqual([
      expect.stringMatching(/^a TOKEN authorizer sees neither .* take restRequestAuthorizer\(\)/),
    ]);
  });

  test('I12: where no others are let in, it refuses to make one', () => {
    const required = { ...boundTokens, required: true };
    const sentence = 'so it refuses all tokens that are bound, and no others are let in: take';
    const strict = authorizer(scratchStack(), { boundTokens: required });
    expect(() => strict.restTokenAuthorizer()).toThrow(sentence);
    const fapi2 = authorizer(scratchStack(), { profile: SecurityProfile.FAPI2 });
    expect(() => fapi2.restTokenAuthorizer()).toThrow(sentence);
    const plain = authorizer(scratchStack(), { boundTokens: undefined });
    plain.restTokenAuthorizer();
    expect(warnings(plain)).toEqual([]);
  });
});

describe('nonces at an API', () => {
  const demanding: Partial<AccessTokenAuthorizerProps> = {
    boundTokens: { ...boundTokens, dpopNonce: DpopNonce.REQUIRED },
  };

  test('D17: an HTTP API cannot tell them, so its authorizer cannot ask for them', () => {
    expect(() => authorizer(scratchStack(), demanding).httpAuthorizer()).toThrow(
      'boundTokens.dpopNonce is DpopNonce.REQUIRED, but the authorizer of an HTTP API cannot tell a client ' +
        'which nonce to use: take AccessTokenGuard, or a REST API with',
    );
  });

  test('D17: a REST API tells them in its gateway response, with status 401', () => {
    expect(responsesOf(demanding)).toMatchObject([
      {
        ResponseType: 'UNAUTHORIZED',
        ResponseParameters: {
          'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="https://api.example.com", DPoP algs="RS256 PS256 ES256 ES384 EdDSA Ed25519"'`,
        },
      },
      {
        ResponseType: 'ACCESS_DENIED',
        StatusCode: '401',
        ResponseParameters: {
          'gatewayresponse.header.WWW-Authenticate': 'context.authorizer.wwwAuthenticate',
          'gatewayresponse.header.DPoP-Nonce': 'context.authorizer.dpopNonce',
        },
      },
    ]);
  });

  test('I09: without nonces, what is denied stays 403', () => {
    const [, denied] = responsesOf({});
    expect(denied).toMatchObject({ ResponseType: 'ACCESS_DENIED', StatusCode: '403' });
    expect(JSON.stringify(denied)).not.toContain('DPoP-Nonce');
  });

  function responsesOf(special: Partial<AccessTokenAuthorizerProps>) {
    const stack = scratchStack();
    const made = authorizer(stack, special);
    const restApi = new RestApi(stack, 'RestApi');
    const options = { authorizer: made.restRequestAuthorizer() };
    restApi.root.addMethod('GET', new MockIntegration(), options);
    made.addChallenges(restApi);
    const responses = Template.fromStack(stack).findResources('AWS::ApiGateway::GatewayResponse');
    return Object.values(responses).map(({ Properties }) => Properties);
  }
});

describe('what is given wrong is one sentence at synthesis', () => {
  test.for([
    ['http://api.example.com'],
    ['https://api.example.com/'],
    ['https://api.example.com/v1/'],
    ['https://api.example.com?a'],
    ['https://api.example.com/v%31'],
    ['https://api.example.com#a'],
    ['https://user@api.example.com'],
    ['HTTPS://API.example.com'],
    ['api.example.com'],
    [''],
  ])('D05: publicUrl %j', ([publicUrl = '']) => {
    expect(() => authorizer(scratchStack(), { boundTokens: { publicUrl } })).toThrow(
      `boundTokens.publicUrl is ${JSON.stringify(publicUrl)}, but it must be an https URL`,
    );
  });

  test.for([['https://api.example.com/v1'], ['http://127.0.0.1:3001'], ['https://a.example:8443']])(
    'D05: publicUrl %j is right',
    ([publicUrl = '']) => {
      const stack = scratchStack();
      authorizer(stack, { boundTokens: { publicUrl } });
      const environment = environmentOf(Template.fromStack(stack), 'AuthorizerFunction');
      expect(environment.PUBLIC_URL).toBe(publicUrl);
    },
  );

  test('D17: dpopNonce', () => {
    const dpopNonce: DpopNonce = { name: 'on' };
    expect(() =>
      authorizer(scratchStack(), { boundTokens: { ...boundTokens, dpopNonce } }),
    ).toThrow('boundTokens.dpopNonce is "on", but it must be DpopNonce.OFF or DpopNonce.REQUIRED.');
  });

  test('L09: the profile fapi2 without boundTokens', () => {
    const props: Partial<AccessTokenAuthorizerProps> = {
      profile: SecurityProfile.FAPI2,
      boundTokens: undefined,
    };
    expect(() => authorizer(scratchStack(), props)).toThrow(
      'the profile is SecurityProfile.FAPI2, which lets in no token that is bound to nothing: set boundTokens, too.',
    );
  });

  test('L09: an algorithm that the profile fapi2 does not have', () => {
    const algorithms = [SigningAlgorithm.PS256, SigningAlgorithm.RS256];
    expect(() =>
      authorizer(scratchStack(), { profile: SecurityProfile.FAPI2, algorithms }),
    ).toThrow(
      'algorithms has "RS256", which SecurityProfile.FAPI2 does not allow: take some of PS256, ES256, Ed25519, EdDSA.',
    );
  });
});

test('L09: under the profile fapi2 an API takes bound tokens alone, and fewer algorithms', () => {
  const stack = scratchStack();
  authorizer(stack, { profile: SecurityProfile.FAPI2 });
  expect(environmentOf(Template.fromStack(stack), 'AuthorizerFunction')).toMatchObject({
    ALGORITHMS: 'PS256',
    BOUND_TOKENS: 'required',
    DPOP_ALGORITHMS: 'PS256 ES256 EdDSA Ed25519',
  });
});

describe('a guard', () => {
  const theirs = { httpApiId: 'abcdef1234' };
  const httpApis = [HttpApi.fromHttpApiAttributes(new Stack(), 'Theirs', theirs)];
  const props = { ...api, routes, boundTokens, httpApis };
  const functionOf = (stack: Stack, timeout?: Duration) =>
    new NodeFunction(stack, 'Mine', {
      description: 'mine',
      entry: 'demo-api/index',
      environment: { ISSUER: 'mine' },
      ...(timeout && { timeout }),
    });

  test('D14: gives a function of somebody else what it needs, beside what it has', () => {
    const stack = scratchStack();
    new AccessTokenGuard(stack, 'Guard', { ...props, function: functionOf(stack) });
    expect(environmentOf(Template.fromStack(stack), 'Mine')).toMatchObject({
      ISSUER: 'mine',
      COUNTERSIGN_ISSUER: api.issuer,
      COUNTERSIGN_PUBLIC_URL: boundTokens.publicUrl,
      COUNTERSIGN_EPHEMERA_TABLE: { Ref: expect.stringMatching(/^MineGuardEphemera/) },
      COUNTERSIGN_API_IDS: theirs.httpApiId,
    });
  });

  test('I16: is told which APIs it belongs to, though their routes lead to its function', () => {
    const stack = scratchStack();
    const guarded = functionOf(stack);
    const both = ['First', 'Second'].map((id) => {
      const httpApi = new HttpApi(stack, id);
      const integration = new HttpLambdaIntegration('Integration', guarded);
      httpApi.addRoutes({ path: '/', methods: [HttpMethod.GET], integration });
      return httpApi;
    });
    new AccessTokenGuard(stack, 'Guard', { ...props, function: guarded, httpApis: both });
    // It would fail if the template had a circular reference.
    const template = Template.fromStack(stack);
    expect(environmentOf(template, 'Mine').COUNTERSIGN_API_IDS).toEqual({
      'Fn::Join': [
        '',
        [{ Ref: expect.stringMatching(/^First/) }, ' ', { Ref: expect.stringMatching(/^Second/) }],
      ],
    });
  });

  test('I16: that belongs to no API is one sentence', () => {
    const stack = scratchStack();
    const without = { ...props, function: functionOf(stack), httpApis: [] };
    expect(() => new AccessTokenGuard(stack, 'Guard', without)).toThrow(
      'httpApis is empty, so that nobody could get in: name the HTTP API',
    );
  });

  test('may be in another stack than its function', () => {
    const stack = scratchStack();
    const guarded = functionOf(stack);
    const other = new Stack(stack.node.root, 'Other');
    new CfnOutput(other, 'Arn', { value: guarded.functionArn });
    new AccessTokenGuard(other, 'Guard', { ...props, function: guarded });
    expect(environmentOf(Template.fromStack(stack), 'Mine')).toHaveProperty('COUNTERSIGN_AUDIENCE');
  });

  test('a second one, an imported function and too little time are one sentence each', () => {
    const stack = scratchStack();
    const guarded = functionOf(stack);
    new AccessTokenGuard(stack, 'Guard', { ...props, function: guarded });
    expect(() => new AccessTokenGuard(stack, 'Again', { ...props, function: guarded })).toThrow(
      '"Scratch/Mine" has a guard: give that one all of the function\'s routes.',
    );
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:theirs';
    const imported = LambdaFunction.fromFunctionArn(stack, 'Theirs', arn) as LambdaFunction;
    expect(() => new AccessTokenGuard(stack, 'Third', { ...props, function: imported })).toThrow(
      'function must be one that is made in this app, not an imported one.',
    );
    const elsewhere = functionOf(scratchStack());
    expect(() => new AccessTokenGuard(stack, 'Fourth', { ...props, function: elsewhere })).toThrow(
      'function must be one that is made in this app, not an imported one.',
    );
    const hasty = functionOf(new Stack(stack.node.root, 'Other'), Duration.seconds(3));
    expect(() => new AccessTokenGuard(stack, 'Fifth', { ...props, function: hasty })).toThrow(
      '"Other/Mine" has a timeout of 3 seconds, but a guard may need 10 at a cold start: set its',
    );
  });
});

test('D17: a REST API that tells no nonces fails the synthesis', () => {
  const stack = scratchStack();
  const demanding = { ...boundTokens, dpopNonce: DpopNonce.REQUIRED } as const;
  attach(stack, authorizer(stack, { boundTokens: demanding }).restRequestAuthorizer());
  expect(() => Template.fromStack(stack)).toThrow(
    'boundTokens.dpopNonce is DpopNonce.REQUIRED, but no REST API tells a client which nonce to use: call addChallenges(restApi).',
  );
});

test('L09: a profile that is none, and one that is contradicted, are one sentence each', () => {
  const profile: SecurityProfile = { name: 'fapi' };
  const sentence =
    'profile is "fapi", but it must be SecurityProfile.NONE or SecurityProfile.FAPI2.';
  expect(() => authorizer(scratchStack(), { profile })).toThrow(sentence);
  expect(() => authorizer(scratchStack(), { profile, boundTokens: undefined })).toThrow(sentence);
  const lax = { ...boundTokens, required: false };
  expect(() =>
    authorizer(scratchStack(), { profile: SecurityProfile.FAPI2, boundTokens: lax }),
  ).toThrow(
    'boundTokens.required is false, but SecurityProfile.FAPI2 lets in no other tokens: leave it out.',
  );
});
