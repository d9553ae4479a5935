import { describe, expect, test } from 'vitest';
import { parseTemplate } from '../../cli/doctor/template/template.ts';
import type { TemplateSource } from '../../cli/doctor/template/template-source.ts';
import { breakableDeployment, serving } from './doctor-deployment.ts';

/** `countersign doctor`: what the templates of stacks tell. */

const deployment = await breakableDeployment();

type Properties = Readonly<Record<string, unknown>>;
type Resources = Readonly<
  Record<string, { readonly Type: string; readonly Properties?: Properties }>
>;

function source(Resources: Resources | string, apiEndpoint?: string): TemplateSource {
  const json = typeof Resources === 'string' ? Resources : JSON.stringify({ Resources });
  return { name: 'Orders', read: async () => parseTemplate('Orders', json), apiEndpoint };
}

async function verdictsOf(check: string, template: TemplateSource) {
  const findings = await deployment.examine((answer) => answer, { templates: [template] });
  return findings.filter((finding) => finding.check === check);
}

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

describe('what an authorizer remembers', () => {
  test.for<[string, Resources, string, RegExp]>([
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
      /remembers no answer/,
    ],
    [
      'I12: answers of type TOKEN, where bound tokens are refused',
      bound(rest({ Type: 'TOKEN', AuthorizerResultTtlInSeconds: 60, IdentitySource: restHeader })),
      'ok',
      /remembers an answer for 60 s/,
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
      /remembers no answer/,
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
      /^How long the authorizer A of the stack Orders remembers an answer is a parameter/,
    ],
    [
      'answers for whatever route, for as long as a parameter says',
      http({
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: { Ref: 'Ttl' },
        IdentitySource: [header],
      }),
      'problem',
      /may remember answers without \$context\.routeKey: one cached answer opens every route/,
    ],
    [
      'answers under what a parameter says',
      http({ EnableSimpleResponses: true, IdentitySource: [header, { Ref: 'Source' }] }),
      'not checked',
      /^What the authorizer A of the stack Orders remembers an answer under is a parameter/,
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
  ])('%s', async ([, resources, status, sentence]) => {
    const verdicts = await verdictsOf('authorizer-cache', source(resources));
    expect(verdicts[0]).toMatchObject({ status, what: expect.stringMatching(sentence) });
    if (status !== 'ok') expect(verdicts[0]?.remedy).toMatch(/^[A-Z][^\n]+\.$/);
  });
});

describe('the default endpoint', () => {
  const MutualTlsAuthentication = { TruststoreUri: 's3://trust/store.pem' };
  const domain = {
    D: { Type: 'AWS::ApiGatewayV2::DomainName', Properties: { MutualTlsAuthentication } },
  };
  const api = (DisableExecuteApiEndpoint?: unknown) => ({
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { DisableExecuteApiEndpoint },
  });
  const mappingTo = (ApiId: object) => ({
    Type: 'AWS::ApiGatewayV2::ApiMapping',
    Properties: { DomainName: { Ref: 'D' }, ApiId },
  });
  const mapping = { M: mappingTo({ Ref: 'P' }) };

  test.for<[string, Resources, string, RegExp]>([
    ['matters not without mutual TLS', { P: api() }, 'ok', /^There is no mutual TLS/],
    ['is off', { ...domain, P: api(true) }, 'ok', /its default endpoint is off/],
    ['is on', { ...domain, P: api() }, 'problem', /^The API P .+ its default endpoint is on/],
    [
      'is on for another API alone',
      { ...domain, ...mapping, P: api(true), Q: api() },
      'ok',
      /^The API P of the stack Orders has mutual TLS, and its default endpoint is off/,
    ],
    [
      'is on for a REST API',
      {
        D: { Type: 'AWS::ApiGateway::DomainName', Properties: { MutualTlsAuthentication } },
        R: { Type: 'AWS::ApiGateway::RestApi' },
      },
      'problem',
      /^The API R .+ its default endpoint is on/,
    ],
    [
      'is what a parameter says',
      { ...domain, P: api({ Ref: 'Off' }) },
      'not checked',
      /^The API P .+ whether its default endpoint is off is a parameter/,
    ],
    [
      'is of an API in another stack',
      { ...domain, M: mappingTo({ 'Fn::ImportValue': 'Api' }), Q: api(true) },
      'not checked',
      /^The domain D of the stack Orders has mutual TLS, and its API is not in that template/,
    ],
    ['is of an API that nobody maps', domain, 'not checked', /^The domain D .+ its API is not in/],
    [
      'is behind a domain of another stack',
      { ...mapping, P: api() },
      'not checked',
      /^The stack Orders has an API behind a domain that is not in its template/,
    ],
  ])('%s', async ([, resources, status, sentence]) => {
    const verdicts = await verdictsOf('default-endpoint', source(resources));
    expect(verdicts).toMatchObject([{ status, what: expect.stringMatching(sentence) }]);
    if (status === 'problem') expect(verdicts[0]?.remedy).toContain('disableExecuteApiEndpoint');
  });

  test('answers all the same', async () => {
    const verdicts = await verdictsOf(
      'default-endpoint',
      source({ ...domain, P: api(true) }, deployment.issuer),
    );
    expect(verdicts).toMatchObject([
      { status: 'ok' },
      { status: 'problem', what: expect.stringMatching(/answers without it\.$/) },
    ]);
  });

  const answering = (status: number, body: string) =>
    serving((_, response) => void response.writeHead(status).end(body));
  const verdictsAt = (apiEndpoint: string) =>
    verdictsOf('default-endpoint', source({ ...domain, P: api(true) }, apiEndpoint));

  test('is switched off', async () => {
    const answers = [
      [404, 'Not Found'],
      [403, 'Forbidden'],
    ] as const;
    for (const [status, message] of answers) {
      const off = await answering(status, JSON.stringify({ message }));
      expect(await verdictsAt(off)).toMatchObject([
        { status: 'ok' },
        { status: 'ok', what: `${off} is switched off.` },
      ]);
    }
  });

  test.for([
    [429, '{"message":"Too Many Requests"}', /answers 429, which does not tell/],
    [500, '{"message":"Internal Server Error"}', /answers 500, which does not tell/],
    [404, '<html>', /answers 404, which does not tell/],
    [403, '{"message":"Not Found"}', /answers 403, which does not tell/],
    [204, '', /answers 204, which does not tell/],
  ] as const)('answers %i %s, which tells nothing', async ([status, body, sentence]) => {
    const what = expect.stringMatching(sentence);
    expect(await verdictsAt(await answering(status, body))).toMatchObject([
      { status: 'ok' },
      { status: 'not checked', what, remedy: expect.any(String) },
    ]);
  });

  test('cannot be reached', async () => {
    expect(await verdictsAt('http://127.0.0.1:1')).toMatchObject([
      { status: 'ok' },
      { status: 'not checked', what: expect.stringMatching(/nothing listens there .+ not tell/) },
    ]);
  });

  test.for([
    [
      'at an address that nobody knows',
      undefined,
      'not checked',
      /^There is mutual TLS, and nobody/,
    ],
    ['where it must not', 'issuer', 'problem', /answers without it/],
  ] as const)(
    'C07: of metadata with mtls_endpoint_aliases, %s',
    async ([, at, status, sentence]) => {
      const templates = at ? [source({}, deployment.issuer)] : [];
      const findings = await deployment.examine(
        (answer, path) => {
          if (!path.endsWith('oauth-authorization-server')) return answer;
          const document = { ...JSON.parse(answer.body), mtls_endpoint_aliases: {} };
          return { ...answer, body: JSON.stringify(document) };
        },
        { templates },
      );
      expect(findings.filter(({ check }) => check === 'default-endpoint')).toMatchObject([
        { status, what: expect.stringMatching(sentence), remedy: expect.any(String) },
      ]);
    },
  );
});

test.for(['Resources:\n  A: {}\n', '', '{'])('a template that is not JSON: %j', async (text) => {
  for (const check of ['authorizer-cache', 'default-endpoint']) {
    expect(await verdictsOf(check, source(text))).toMatchObject([
      { status: 'not checked', what: 'The template of the stack Orders is not JSON.' },
    ]);
  }
});

test.for(['null', '[]', '{"Resources":[1,null]}', '{"Resources":{"A":{"Type":1}}}'])(
  'a template of something else: %s',
  async (text) => {
    const verdicts = await verdictsOf('default-endpoint', source(text));
    expect(verdicts).toMatchObject([{ status: 'ok', what: 'There is no mutual TLS.' }]);
  },
);
