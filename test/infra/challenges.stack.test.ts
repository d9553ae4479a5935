import { type App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  ApiDefinition,
  Deployment,
  type IRestApi,
  MockIntegration,
  ResponseType,
  RestApi,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import type { ChallengeOptions } from '../../infra/authorizer/challenge-options.ts';
import { DpopNonce } from '../../infra/settings/choices/dpop-nonce.ts';
import { resourceOf, scratchStack } from './synthesis.ts';

type Special = Partial<AccessTokenAuthorizerProps>;

const audience = 'https://api.example.com';
const routes = { 'GET /orders': ['read'] };

const authorizerOf = (stack: Stack, id = 'Authorizer', special: Special = {}) =>
  new AccessTokenAuthorizer(stack, id, {
    issuer: 'https://auth.example.com',
    audience,
    routes,
    ...special,
  });

/** A REST API with a method for each of these paths. */
function restApiWith(stack: Stack, ...paths: readonly string[]): RestApi {
  const restApi = new RestApi(stack, 'Api');
  for (const path of ['open', ...paths]) restApi.root.addResource(path).addMethod('GET');
  return restApi;
}

const imported = (stack: Stack): IRestApi =>
  RestApi.fromRestApiAttributes(stack, 'Api', { restApiId: 'a1b2c3', rootResourceId: 'd4e5f6' });

/** A REST API that is made of a definition. */
const specified = (stack: Stack): SpecRestApi =>
  new SpecRestApi(stack, 'Api', {
    apiDefinition: ApiDefinition.fromInline({ openapi: '3.0.1', paths: { '/': { get: {} } } }),
  });

/** Its gateway responses, by type. */
const responsesOf = (stack: Stack) =>
  Object.fromEntries(
    Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::GatewayResponse')).map(
      ({ Properties }) => [Properties.ResponseType, Properties],
    ),
  );

const header = (name: string) => `gatewayresponse.header.${name}`;

const warningsOf = (stack: Stack) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));

describe('addChallenges at each kind of REST API', () => {
  const apis: Readonly<Record<string, (stack: Stack) => IRestApi>> = {
    RestApi: (stack) => restApiWith(stack),
    SpecRestApi: specified,
    'an imported one': imported,
  };

  test.for(Object.entries(apis))('I09: %s', ([, make]) => {
    const stack = scratchStack();
    const restApi = make(stack);
    authorizerOf(stack).addChallenges(restApi);
    expect(responsesOf(stack)).toMatchObject({
      UNAUTHORIZED: {
        StatusCode: '401',
        RestApiId: stack.resolve(restApi.restApiId),
        ResponseParameters: { [header('WWW-Authenticate')]: `'Bearer realm="${audience}"'` },
      },
      ACCESS_DENIED: {
        StatusCode: '403',
        ResponseParameters: {
          [header('WWW-Authenticate')]: 'context.authorizer.wwwAuthenticate',
        },
      },
    });
  });

  test('I09: at one of another stack they are in that stack', () => {
    const stack = scratchStack();
    const other = new Stack(stack.node.root as App, 'Other');
    authorizerOf(stack).addChallenges(restApiWith(other));
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::GatewayResponse', 0);
    Template.fromStack(other).resourceCountIs('AWS::ApiGateway::GatewayResponse', 2);
  });

  const deploymentOf = (change: (made: AccessTokenAuthorizer, restApi: IRestApi) => void) => {
    const stack = scratchStack();
    const restApi = restApiWith(stack);
    change(authorizerOf(stack), restApi);
    return resourceOf(Template.fromStack(stack), 'AWS::ApiGateway::Deployment');
  };

  test('I09: the API is deployed anew whenever its challenges change', () => {
    const changes: readonly Parameters<typeof deploymentOf>[0][] = [
      () => {},
      (made, restApi) => made.addChallenges(restApi),
      (made, restApi) => made.addChallenges(restApi, { realm: 'orders' }),
      (made, restApi) => made.addChallenges(restApi, { allowOrigins: ['*'] }),
      (made, restApi) => made.addChallenges(restApi, { allowOrigins: ['https://a.example.com'] }),
    ];
    const ids = changes.map((change) => deploymentOf(change).id);
    expect(new Set(ids).size).toBe(changes.length);
    const { DependsOn } = deploymentOf((made, restApi) => made.addChallenges(restApi));
    expect(DependsOn).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ApiUnauthorized/),
        expect.stringMatching(/^ApiAccessDenied/),
      ]),
    );
  });

  const ofImported = (options: (restApi: IRestApi) => ChallengeOptions) => {
    const stack = scratchStack();
    const restApi = imported(stack);
    restApi.root.addMethod('GET', new MockIntegration());
    authorizerOf(stack).addChallenges(restApi, options(restApi));
    return stack;
  };

  test('I09: for an imported one, a warning says how to deploy it', () => {
    const sentence = (one: string) => one.startsWith('the challenges of "Scratch/Api" count from');
    const [warning] = warningsOf(ofImported(() => ({}))).filter(sentence);
    expect(warning).toContain('addChallenges(restApi, { deployment })');
    expect(warning).toContain(
      'aws apigateway create-deployment --rest-api-id ID --stage-name STAGE',
    );
    const own = ofImported((api) => ({ deployment: new Deployment(api, 'Deployment', { api }) }));
    expect(warningsOf(own).filter(sentence)).toEqual([]);
  });

  test('I09: its own deployment waits for them, and is made anew when they change', () => {
    const deployed = (realm: string) => {
      const stack = ofImported((api) => ({
        realm,
        deployment: new Deployment(api, 'Deployment', { api }),
      }));
      return resourceOf(Template.fromStack(stack), 'AWS::ApiGateway::Deployment');
    };
    expect(deployed('one').id).not.toBe(deployed('two').id);
    expect(deployed('one').id).toBe(deployed('one').id);
    expect(deployed('one').DependsOn).toHaveLength(2);
  });
});

describe('pages of other origins', () => {
  const answers = (options: ChallengeOptions, special: Special = {}) => {
    const stack = scratchStack();
    authorizerOf(stack, 'Authorizer', special).addChallenges(restApiWith(stack), options);
    return responsesOf(stack);
  };

  test.for(['https://app.example.com', 'http://localhost:5173', '*'])(
    'I09: %s may read what is refused, the challenge and a failure',
    (origin) => {
      const readable = {
        [header('Access-Control-Allow-Origin')]: `'${origin}'`,
        [header('Access-Control-Expose-Headers')]: "'WWW-Authenticate'",
      };
      expect(answers({ allowOrigins: [origin] })).toMatchObject({
        UNAUTHORIZED: { ResponseParameters: readable },
        ACCESS_DENIED: { ResponseParameters: readable },
        AUTHORIZER_FAILURE: { StatusCode: '500', ResponseParameters: readable },
      });
    },
  );

  test('D17: and the nonce, where there are any', () => {
    const boundTokens = { publicUrl: audience, dpopNonce: DpopNonce.REQUIRED } as const;
    expect(answers({ allowOrigins: ['*'] }, { boundTokens }).ACCESS_DENIED).toMatchObject({
      StatusCode: '401',
      ResponseParameters: {
        [header('Access-Control-Expose-Headers')]: "'WWW-Authenticate, DPoP-Nonce'",
      },
    });
  });

  test('none may, where none is named', () => {
    expect(JSON.stringify(answers({}))).not.toContain('Access-Control');
    expect(JSON.stringify(answers({ allowOrigins: [] }))).not.toContain('Access-Control');
  });

  test.for<[string[], RegExp]>([
    [
      ['https://a.example.com', 'https://b.example.com'],
      /^allowOrigins names 2 origins, but a gateway/,
    ],
    [['loopback'], /^allowOrigins is "loopback", but/],
    [
      ['https://a.example.com/'],
      /^allowOrigins is "https:\/\/a.example.com\/", but it must be "\*", or/,
    ],
    [['null'], /^allowOrigins is "null"/],
    [['https://*.example.com'], /^allowOrigins is "https:\/\/\*/],
    [["https://a'b.example.com"], /^allowOrigins is "https:\/\/a'b/],
    [['http://a.example.com'], /^allowOrigins is "http:/],
  ])('%j is refused', ([allowOrigins, sentence]) => {
    expect(() => answers({ allowOrigins })).toThrow(sentence);
  });
});

describe('several authorizers of one REST API', () => {
  /** Two of them that guard one path each, and what the synthesis has to say. */
  function both(
    [one, other]: readonly [Special, Special],
    [options, otherOptions]: readonly [ChallengeOptions, ChallengeOptions] = [{}, {}],
  ) {
    const stack = scratchStack();
    const restApi = restApiWith(stack);
    const make = (id: string, special: Special, its: ChallengeOptions) => {
      const path = id.toLowerCase();
      const made = authorizerOf(stack, id, { routes: { [`GET /${path}`]: [] }, ...special });
      const authorizer = made.restRequestAuthorizer();
      restApi.root.addResource(path).addMethod('GET', new MockIntegration(), { authorizer });
      made.addChallenges(restApi, its);
      return made;
    };
    const made = [make('One', one, options), make('Other', other, otherOptions)] as const;
    return { stack, restApi, made, problems: () => made.flatMap(({ node }) => node.validate()) };
  }

  test('I09: with one audience they share the challenges, and differ in issuer and routes', () => {
    const { stack, problems } = both([{}, { issuer: 'https://staff.example.com' }]);
    expect(problems()).toEqual([]);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ApiGateway::Authorizer', 2);
    template.resourceCountIs('AWS::ApiGateway::GatewayResponse', 2);
  });

  test('I09: with two audiences they need one realm', () => {
    const audiences = [{}, { audience: 'https://admin.example.com' }] as const;
    expect(both(audiences).problems()).toEqual([
      '"Scratch/One" and "Scratch/Other" want other challenges of "Scratch/Api", which has one for all of its ' +
        'routes: give both the same realm: addChallenges(restApi, { realm }), or make an API for each.',
    ]);
    const realm = { realm: 'Orders' };
    const { stack, problems } = both(audiences, [realm, realm]);
    expect(problems()).toEqual([]);
    expect(responsesOf(stack).UNAUTHORIZED).toMatchObject({
      ResponseParameters: { [header('WWW-Authenticate')]: `'Bearer realm="Orders"'` },
    });
  });

  const boundTokens = { publicUrl: audience };
  test.for<
    [string, readonly [Special, Special], readonly [ChallengeOptions, ChallengeOptions], string]
  >([
    ['bound tokens', [{ boundTokens }, {}], [{}, {}], 'let both take bound tokens'],
    [
      'D17: nonces',
      [{ boundTokens }, { boundTokens: { ...boundTokens, dpopNonce: DpopNonce.REQUIRED } }],
      [{}, {}],
      'set boundTokens.dpopNonce to the same for both',
    ],
    ['origins', [{}, {}], [{ allowOrigins: ['*'] }, {}], 'give both the same allowOrigins'],
  ])(
    'I09: what they contradict each other in fails the synthesis: %s',
    ([, specials, options, remedy]) => {
      const { problems } = both(specials, options);
      expect(problems()).toEqual([expect.stringContaining(`: ${remedy}`)]);
    },
  );

  test('I09: the metadata of one of them are named for both, if both are of one audience', () => {
    const { stack, restApi, made, problems } = both([{}, {}]);
    made[1].addProtectedResourceMetadata(restApi);
    expect(problems()).toEqual([]);
    expect(responsesOf(stack).UNAUTHORIZED).toMatchObject({
      ResponseParameters: {
        [header('WWW-Authenticate')]: expect.stringContaining(
          `resource_metadata="${audience}/.well-known/oauth-protected-resource"`,
        ),
      },
    });
  });

  test('I09: and if not, they are a contradiction', () => {
    const realm = { realm: 'Orders' };
    const admin = { audience: `${audience}/admin` };
    const { restApi, made, problems } = both([{}, admin], [realm, realm]);
    made[0].addProtectedResourceMetadata(restApi);
    expect(problems()).toEqual([
      expect.stringContaining(': let the metadata of one of them be the only ones, or make an API'),
    ]);
  });

  test('asked for twice by one of them, they are made once', () => {
    const stack = scratchStack();
    const restApi = restApiWith(stack);
    const made = authorizerOf(stack);
    made.addChallenges(restApi);
    made.addChallenges(restApi);
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::GatewayResponse', 2);
  });

  test('gateway responses of one’s own by the same names are refused', () => {
    const stack = scratchStack();
    const restApi = restApiWith(stack);
    restApi.addGatewayResponse('Unauthorized', { type: ResponseType.UNAUTHORIZED });
    expect(() => authorizerOf(stack).addChallenges(restApi)).toThrow(
      '"Scratch/Api" has a gateway response "Unauthorized" of its own, which addChallenges() makes: leave yours out.',
    );
  });

  test.for<[string, (stack: Stack) => IRestApi, RegExp]>([
    [
      'by another id',
      (stack) => {
        const restApi = restApiWith(stack);
        restApi.addGatewayResponse('Mine', { type: ResponseType.ACCESS_DENIED });
        return restApi;
      },
      /^"Scratch\/Api\/Mine" makes the gateway response ACCESS_DENIED of an API/,
    ],
    [
      'in a definition',
      (stack) => {
        const answers = { 'x-amazon-apigateway-gateway-responses': { UNAUTHORIZED: {} } };
        const paths = { '/': { get: {} } };
        const apiDefinition = ApiDefinition.fromInline({ openapi: '3.0.1', paths, ...answers });
        return new SpecRestApi(stack, 'Api', { apiDefinition });
      },
      /^"Scratch\/Api" makes the gateway response UNAUTHORIZED of an API/,
    ],
  ])('I09: those that somebody makes %s fail the synthesis', ([, make, sentence]) => {
    const stack = scratchStack();
    const made = authorizerOf(stack);
    made.addChallenges(make(stack));
    expect(made.node.validate()).toEqual([expect.stringMatching(sentence)]);
  });

  test('I09: so do those of an API that is imported twice', () => {
    const stack = scratchStack();
    const made = authorizerOf(stack);
    const ids = { restApiId: 'a1b2c3', rootResourceId: 'd4e5f6' };
    for (const id of ['One', 'Two']) {
      made.addChallenges(RestApi.fromRestApiAttributes(stack, id, ids));
    }
    expect(made.node.validate()).toHaveLength(4);
    expect(made.node.validate()[0]).toContain('for one construct of the API alone');
  });
});
