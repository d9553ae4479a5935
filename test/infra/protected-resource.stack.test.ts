import { CfnParameter, Duration, type Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Cors, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, type IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  type AccessTokenAuthorizerProps,
} from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import {
  ProtectedResourceMetadata,
  type ProtectedResourceMetadataOptions,
} from '../../infra/authorizer/protected-resource/protected-resource-metadata.ts';
import type { RouteScopes } from '../../infra/authorizer/routes.ts';
import { NodeFunction } from '../../infra/node-function.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { SecurityProfile } from '../../infra/settings/choices/security-profile.ts';
import { synthesizeApp } from './http-attachments.ts';
import { permissionsOf } from './permissions.ts';
import { environmentOf, propertiesOf, scratchStack, synthesize } from './synthesis.ts';

const wellKnown = '/.well-known/oauth-protected-resource';
const issuer = 'https://auth.example.com';
const audience = 'https://api.example.com';
const routes: RouteScopes = { 'GET /orders': ['read'], 'POST /orders': ['read', 'write'] };

type Special = Partial<AccessTokenAuthorizerProps>;
type Authorizer = IHttpRouteAuthorizer;

function newAuthorizer(stack: Stack, special: Special = {}): AccessTokenAuthorizer {
  return new AccessTokenAuthorizer(stack, 'Authorizer', { issuer, audience, routes, ...special });
}

/** An HTTP API with these routes behind an authorizer. */
function httpApiWith(stack: Stack, keys: readonly string[], authorizer: Authorizer): HttpApi {
  const httpApi = new HttpApi(stack, 'Api', { defaultAuthorizer: authorizer });
  const integration = new HttpUrlIntegration('Anywhere', 'https://backend.example.com');
  for (const key of keys) {
    const [method = '', path = ''] = key.split(' ');
    httpApi.addRoutes({ path, methods: [method as HttpMethod], integration });
  }
  return httpApi;
}

/** What the metadata of an authorizer's HTTP API are, and where. */
function published(special: Special = {}, options: ProtectedResourceMetadataOptions = {}) {
  const stack = scratchStack();
  const authorizer = newAuthorizer(stack, special);
  const keys = Object.keys(special.routes ?? routes);
  const httpApi = httpApiWith(stack, keys, authorizer.httpAuthorizer());
  const { url } = authorizer.addProtectedResourceMetadata(httpApi, options);
  const template = Template.fromStack(stack);
  return { url, template, ...publishedIn(template) };
}

function publishedIn(template: Template) {
  const { METADATA } = environmentOf(template, 'AuthorizerMetadataFunction');
  return { metadata: JSON.parse(String(METADATA)), open: openRoutes(template) };
}

/** The keys of the routes that need nothing. */
const openRoutes = (template: Template): readonly string[] =>
  Object.values(template.findResources('AWS::ApiGatewayV2::Route'))
    .filter(({ Properties }) => Properties.AuthorizationType === 'NONE')
    .map(({ Properties }) => Properties.RouteKey);

const readingRoutes = (path: string) => ['GET', 'HEAD', 'OPTIONS'].map((name) => `${name} ${path}`);

describe('the metadata of an HTTP API', () => {
  // No challenge would tell a client which scope a route needs, so that it would ask for all.
  test('I17: say what its authorizer knows but the scopes, at the one path that needs no token', () => {
    const { url, template, metadata, open } = published();
    expect(metadata).toEqual({
      resource: audience,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
    });
    expect(open).toEqual(readingRoutes(wellKnown));
    expect(url).toBe(audience + wellKnown);
    expect(environmentOf(template, 'AuthorizerFunction')).toMatchObject({ RESOURCE_METADATA: url });
  });

  test('I17: say how it takes bound tokens, and what its owner adds', () => {
    const boundTokens = { publicUrl: audience, required: true };
    const options = {
      scopes: ['read'],
      resourceName: 'Orders',
      resourceDocumentation: 'https://docs.example.com',
    };
    expect(published({ boundTokens }, options).metadata).toEqual({
      resource: audience,
      authorization_servers: [issuer],
      scopes_supported: ['read'],
      bearer_methods_supported: ['header'],
      resource_name: 'Orders',
      resource_documentation: 'https://docs.example.com',
      dpop_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
      dpop_bound_access_tokens_required: true,
    });
    const fapi2: Special = { boundTokens: { publicUrl: audience }, profile: SecurityProfile.FAPI2 };
    expect(published(fapi2, { scopes: [], mutualTls: true }).metadata).toEqual({
      resource: audience,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      tls_client_certificate_bound_access_tokens: true,
      dpop_signing_alg_values_supported: ['PS256', 'ES256', 'EdDSA', 'Ed25519'],
    });
  });

  test('I17: can be named by an authorizer that is called by an alias', () => {
    const { url, template } = published({ provisionedConcurrency: 1 });
    expect(environmentOf(template, 'AuthorizerFunction')).toMatchObject({ RESOURCE_METADATA: url });
  });

  test('I17: the function that publishes them may do nothing else', () => {
    const { template } = published();
    expect(permissionsOf(template, 'AuthorizerMetadataFunction')).toEqual([
      { action: 'logs:CreateLogStream', on: expect.stringContaining('AuthorizerMetadata') },
      { action: 'logs:PutLogEvents', on: expect.stringContaining('AuthorizerMetadata') },
    ]);
  });

  test.for<[string, string, string | undefined, string, string]>([
    ['a host', 'https://api.example.com/', undefined, '', 'https://api.example.com'],
    ['a path', 'https://api.example.com/mcp', undefined, '/mcp', 'https://api.example.com'],
    [
      'a base path',
      'https://api.example.com/v1',
      'https://api.example.com/v1',
      '',
      'https://api.example.com/v1',
    ],
    [
      'a path below a base path',
      'https://api.example.com/v1/mcp',
      'https://api.example.com/v1',
      '/mcp',
      'https://api.example.com/v1',
    ],
    [
      'a path beside a base path',
      'https://api.example.com/v12',
      'https://api.example.com/v1',
      '/v12',
      'https://api.example.com/v1',
    ],
    [
      'a stage',
      'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/mcp',
      'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod',
      '/mcp',
      'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod',
    ],
    [
      'a base path, on the API that has the root of its host',
      'https://api.example.com/v1',
      'https://api.example.com',
      '/v1',
      'https://api.example.com',
    ],
    ['this computer', 'http://127.0.0.1:3001', undefined, '', 'http://127.0.0.1:3001'],
  ])('I17: stand where the identifier says: %s', ([, resource, publicUrl, path, base]) => {
    const { url, metadata, open } = published({ audience: resource }, { publicUrl });
    expect(metadata.resource).toBe(resource);
    expect(open).toEqual(readingRoutes(wellKnown + path));
    expect(url).toBe(base + wellKnown + path);
  });

  test("I17: stand there, too, where the identifier is the deployment's", () => {
    const stack = scratchStack();
    const httpApi = new HttpApi(stack, 'Api');
    const { url } = new ProtectedResourceMetadata(stack, 'Metadata', {
      api: httpApi,
      server: new AuthorizationServer(stack, 'Server'),
      audience: `${httpApi.apiEndpoint}/mcp`,
    });
    const template = Template.fromStack(stack);
    const [apiId] = Object.entries(template.findResources('AWS::ApiGatewayV2::Api')).find(
      ([, { Properties }]) => Properties.Name === 'Api',
    ) as [string, object];
    const endpoint = { 'Fn::GetAtt': [apiId, 'ApiEndpoint'] };
    expect(stack.resolve(url)).toEqual({ 'Fn::Join': ['', [endpoint, `${wellKnown}/mcp`]] });
    expect(JSON.stringify(environmentOf(template, 'MetadataFunction').METADATA)).toContain(
      `"Fn::Join":["",["{\\"resource\\":\\"",${JSON.stringify(endpoint)},"/mcp\\"`,
    );
    expect(openRoutes(template)).toEqual(expect.arrayContaining(readingRoutes(`${wellKnown}/mcp`)));
  });

  test.for([
    'urn:example:orders',
    'http://api.example.com',
    'https://api.example.com/mcp/',
    'https://api.example.com/a//b',
    'https://api.example.com/a/../b',
    'https://api.example.com/%6Dcp',
    'https://api.example.com/~mcp',
    'https://api.example.com?tenant=1',
    'https://user@api.example.com',
    'https://API.example.com',
    'https://api.example.com:443',
    "https://api.example.com'x/mcp",
    'https://api.example.com(x)',
    'https://api$x.example.com',
  ])('I17: an audience that is no such place is one sentence: %s', (resource) => {
    expect(() => published({ audience: resource })).toThrow(
      `audience is "${resource}", but it must be an https URL for an API with metadata, with nothing but`,
    );
  });

  // An authorizer has a rule of its own for what is no URI.
  test.for(['https://api.example.com"x/a', 'https://a{b}.example.com', 'https://a`b.example.com'])(
    'I17: so is one for an API that others guard: %s',
    (resource) => {
      const of = (special: object) => () => {
        const stack = scratchStack();
        const api = new HttpApi(stack, 'Api');
        new ProtectedResourceMetadata(stack, 'Metadata', { api, issuer, audience, ...special });
      };
      const sentence = `is ${JSON.stringify(resource)}, but it must be an https URL for an API with`;
      expect(of({ audience: resource })).toThrow(`audience ${sentence}`);
      expect(of({ publicUrl: resource })).toThrow(`publicUrl ${sentence}`);
    },
  );

  test.for<[string, string, string]>([
    ['a quotation mark', 'https://', '"x'],
    ['an apostrophe', "https://x'.", ''],
    ['a line break', 'https://', '\nx'],
    ['a space', 'https://a ', '/mcp'],
    ['a user', 'https://user@', ''],
    ['a backslash', 'https://', '\\x/mcp'],
    ['a large letter', 'https://API.', ''],
    ['a port that is none', 'https://', ':a'],
    ['no TLS', 'http://', ''],
    ['another scheme', 'ftp://', ''],
  ])('I17: so is %s beside a value of the deployment', ([, before, behind]) => {
    const name = Token.asString({ Ref: 'Name' });
    const resource = `${before}${name}${behind}`;
    expect(() => published({ audience: resource })).toThrow(
      `audience is ${JSON.stringify(resource)}, but it must be an https URL for an API with metadata`,
    );
    expect(() => published({}, { publicUrl: resource })).toThrow(/^publicUrl is /);
  });

  test.for<[string, string, string]>([
    ['a domain', 'https://', '/mcp'],
    ['a name', 'https://', '.example.com:8443/mcp'],
    ['a zone', 'https://my_api-1.', '/mcp'],
    ['a port', 'https://api.example.com:', '/mcp'],
    ['the URL', '', '/mcp'],
  ])('I17: %s may be a value of the deployment', ([, before, behind]) => {
    const stack = scratchStack();
    const name = new CfnParameter(stack, 'Name').valueAsString;
    new ProtectedResourceMetadata(stack, 'Metadata', {
      api: new HttpApi(stack, 'Api'),
      issuer,
      audience: `${before}${name}${behind}`,
    });
    expect(openRoutes(Template.fromStack(stack))).toEqual(readingRoutes(`${wellKnown}/mcp`));
  });

  test('I17: so are metadata of an authorizer, or of a guard, that has some', () => {
    const stack = scratchStack();
    const made = newAuthorizer(stack);
    const httpApi = new HttpApi(stack, 'Other');
    const twice = (one: AccessTokenAuthorizer | AccessTokenGuard) => () =>
      ['one', 'two'].map((resourceName) =>
        one.addProtectedResourceMetadata(httpApi, { resourceName }),
      );
    expect(twice(made)).toThrow(
      'addProtectedResourceMetadata() has made "Scratch/Authorizer/Metadata", which challenges name: for another API',
    );
    expect(twice(guardedApi(scratchStack(), 'GET /orders'))).toThrow(
      'addProtectedResourceMetadata() has made "Scratch/Guard/Metadata"',
    );
  });

  test('I17: so are an audience at another host, and options that are wrong', () => {
    expect(() =>
      published({ boundTokens: { publicUrl: 'https://other.example.com' } }, {}),
    ).toThrow(
      'audience is at https://api.example.com, but clients reach the API at https://other.example.com: they take',
    );
    expect(() => published({}, { publicUrl: 'https://api.example.com/v1/' })).toThrow(
      'publicUrl is "https://api.example.com/v1/", but it must be an https URL for an API with metadata',
    );
    expect(() => published({ boundTokens: { publicUrl: `${audience}/a~b` } })).toThrow(
      /^boundTokens\.publicUrl is "https:.*a~b", but it must be an https URL for an API with metadata/,
    );
    expect(() => published({}, { resourceDocumentation: 'the wiki' })).toThrow(
      'resourceDocumentation is "the wiki", but it must be the URL of a page.',
    );
    expect(() => published({}, { scopes: ['read write', ''] })).toThrow(
      'scopes is wrong: scope is',
    );
  });
});

describe('synthesis takes the metadata for no hole', () => {
  const listed = [
    'ANY /{proxy+}',
    'GET /{proxy+}',
    'HEAD /{proxy+}',
    'POST /{proxy+}',
    'ANY /{one}/{two}',
    'GET /{one}/{two}',
    'ANY /.well-known/{name}',
    'GET /.well-known/{proxy+}',
    'ANY /orders',
  ];

  test.for(listed)('I11: beside %s of an HTTP API', (key) => {
    const stack = scratchStack();
    const authorizer = newAuthorizer(stack, { routes: { [key]: ['read'] } });
    const httpApi = httpApiWith(stack, [key], authorizer.httpAuthorizer());
    authorizer.addProtectedResourceMetadata(httpApi);
    synthesizeApp(stack);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.for(['ANY /{proxy+}', 'ANY /{one}/{two}', 'GET /{one}/{two}'])(
    'I11: beside %s of a guard',
    (key) => {
      const stack = scratchStack();
      guardedApi(stack, key);
      synthesizeApp(stack);
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    },
  );

  test('I11: but one that is listed is open', () => {
    const key = `GET ${wellKnown}`;
    const stack = scratchStack();
    const authorizer = newAuthorizer(stack, { routes: { ...routes, [key]: ['read'] } });
    const httpApi = httpApiWith(stack, Object.keys(routes), authorizer.httpAuthorizer());
    authorizer.addProtectedResourceMetadata(httpApi);
    expect(() => synthesizeApp(stack)).toThrow(
      `routes lists "${key}", but "Scratch/Api" has "${key}" without this authorizer`,
    );
  });

  test('I11: nor does it close others', () => {
    const stack = scratchStack();
    const authorizer = newAuthorizer(stack, { routes: { 'GET /.well-known/{name}': ['read'] } });
    const httpApi = httpApiWith(stack, [], authorizer.httpAuthorizer());
    const integration = new HttpUrlIntegration('Anywhere', 'https://backend.example.com');
    httpApi.addRoutes({ path: '/{proxy+}', methods: [HttpMethod.GET], integration });
    authorizer.addProtectedResourceMetadata(httpApi);
    expect(() => synthesizeApp(stack)).toThrow(
      'routes lists "GET /.well-known/{name}", but "Scratch/Api" serves it by "GET /{proxy+}"',
    );
  });
});

/** A guard over one route of an HTTP API, with metadata. */
function guardedApi(stack: Stack, key: string): AccessTokenGuard {
  const guarded = new NodeFunction(stack, 'Mine', {
    description: 'mine',
    entry: 'demo-api/guarded',
    environment: {},
    timeout: Duration.seconds(10),
  });
  const httpApi = new HttpApi(stack, 'Api');
  const [method = '', path = ''] = key.split(' ');
  const integration = new HttpLambdaIntegration('Mine', guarded);
  httpApi.addRoutes({ path, methods: [method as HttpMethod], integration });
  const guard = new AccessTokenGuard(stack, 'Guard', {
    function: guarded,
    httpApis: [httpApi],
    issuer,
    audience: `${audience}/mcp`,
    routes: { [key]: ['tools'] },
    boundTokens: { publicUrl: audience },
  });
  guard.addProtectedResourceMetadata(httpApi);
  return guard;
}

test('I17: a guard names its metadata in its challenges', () => {
  const stack = scratchStack();
  guardedApi(stack, 'POST /mcp');
  const template = Template.fromStack(stack);
  expect(environmentOf(template, 'Mine')).toMatchObject({
    COUNTERSIGN_RESOURCE_METADATA: `${audience}${wellKnown}/mcp`,
  });
  const { METADATA } = environmentOf(template, 'GuardMetadataFunction');
  expect(JSON.parse(String(METADATA))).toMatchObject({
    resource: `${audience}/mcp`,
    scopes_supported: ['tools'],
    dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
  });
});

describe('a REST API', () => {
  const methodsOf = (template: Template) =>
    Object.values(template.findResources('AWS::ApiGateway::Method')).map(
      ({ Properties }) => Properties,
    );

  function published(
    newRestApi: (stack: Stack, authorizer: AccessTokenAuthorizer) => RestApi,
    add = (authorizer: AccessTokenAuthorizer, restApi: RestApi) => {
      authorizer.addProtectedResourceMetadata(restApi);
      authorizer.addChallenges(restApi);
    },
  ): Template {
    const stack = scratchStack();
    const authorizer = newAuthorizer(stack, { routes: { 'GET /orders': ['read'] } });
    const restApi = newRestApi(stack, authorizer);
    const guarded = { authorizer: authorizer.restRequestAuthorizer() };
    restApi.root.addResource('orders').addMethod('GET', new MockIntegration(), guarded);
    add(authorizer, restApi);
    return Template.fromStack(stack);
  }

  test('I17: has them without authorization, and names them in its challenges', () => {
    const template = published((stack) => new RestApi(stack, 'Api'));
    const open = methodsOf(template).filter((method) => method.AuthorizationType === 'NONE');
    expect(open.map(({ HttpMethod: name }) => name).sort()).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(propertiesOf(template, 'AWS::ApiGateway::GatewayResponse', 'ApiUnauth')).toMatchObject({
      ResponseParameters: {
        'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="${audience}", resource_metadata="${audience}${wellKnown}"'`,
      },
    });
    expect(environmentOf(template, 'AuthorizerFunction')).toMatchObject({
      RESOURCE_METADATA: audience + wellKnown,
    });
  });

  test('I17: names them, too, where they are added after its challenges', () => {
    const template = published(
      (stack) => new RestApi(stack, 'Api'),
      (authorizer, restApi) => {
        authorizer.addChallenges(restApi);
        authorizer.addProtectedResourceMetadata(restApi);
      },
    );
    expect(JSON.stringify(template.findResources('AWS::ApiGateway::GatewayResponse'))).toContain(
      'resource_metadata',
    );
  });

  test('I17, H09: has them open to all, whatever it has by default', () => {
    const template = published(
      (stack, authorizer) =>
        new RestApi(stack, 'Api', {
          defaultMethodOptions: {
            authorizer: authorizer.restRequestAuthorizer(),
            apiKeyRequired: true,
          },
          defaultCorsPreflightOptions: { allowOrigins: ['https://console.example.com'] },
        }),
    );
    const { id } = resourceNamed(template, 'oauth-protected-resource');
    const methods = methodsOf(template).filter(({ ResourceId }) => ResourceId.Ref === id);
    expect(methods.map(({ HttpMethod: name }) => name).sort()).toEqual(['GET', 'HEAD', 'OPTIONS']);
    for (const method of methods) {
      expect(method).toMatchObject({ AuthorizationType: 'NONE', ApiKeyRequired: false });
      expect(method).not.toHaveProperty('AuthorizerId');
    }
    const preflight = methods.find(({ HttpMethod: name }) => name === 'OPTIONS');
    expect(JSON.stringify(preflight)).toContain(
      '"method.response.header.Access-Control-Allow-Origin":"\'*\'"',
    );
  });

  test('I17: can have those of two identifiers', () => {
    const stack = scratchStack();
    const api = new RestApi(stack, 'Api');
    for (const [id, path] of Object.entries({
      One: '/one',
      Two: '/two',
      Root: '',
      Again: '/one/b',
    })) {
      new ProtectedResourceMetadata(stack, id, { api, issuer, audience: audience + path });
    }
    const template = Template.fromStack(stack);
    expect(
      methodsOf(template)
        .map(({ HttpMethod: name }) => name)
        .sort(),
    ).toEqual([...Array(4).fill('GET'), ...Array(4).fill('HEAD'), ...Array(4).fill('OPTIONS')]);
  });

  test('I17: keeps the preflights that its owner has there', () => {
    const stack = scratchStack();
    const api = new RestApi(stack, 'Api');
    const known = api.root.resourceForPath(wellKnown);
    known.addCorsPreflight({ allowOrigins: Cors.ALL_ORIGINS });
    new ProtectedResourceMetadata(stack, 'Metadata', { api, issuer, audience });
    expect(methodsOf(Template.fromStack(stack))).toHaveLength(3);
  });

  function resourceNamed(template: Template, name: string): { readonly id: string } {
    const [id = ''] = Object.entries(template.findResources('AWS::ApiGateway::Resource'))
      .filter(([, { Properties }]) => Properties.PathPart === name)
      .map(([logicalId]) => logicalId);
    return { id };
  }
});

describe('the demo API', () => {
  test('I17: has them, at its own URL or at that of its setting', () => {
    expect(openRoutes(synthesize().demoApi)).toEqual(
      expect.arrayContaining(readingRoutes(wellKnown)),
    );
    const { demoApi } = synthesize({ demoApiUrl: 'https://api.example.com' });
    expect(environmentOf(demoApi, 'GuardedFunction')).toMatchObject({
      COUNTERSIGN_RESOURCE_METADATA: audience + wellKnown,
    });
  });

  test.for(['urn:example:demo', 'https://api.example.com/'])(
    'I17: has none where its identifier is no place for them: %s',
    (demoApiUrl) => {
      expect(openRoutes(synthesize({ demoApiUrl }).demoApi)).toEqual([
        'GET /guarded',
        'POST /guarded',
      ]);
    },
  );
});
