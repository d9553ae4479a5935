import { describe, expect, test } from 'vitest';
import { parseTemplate } from '../../cli/doctor/template/template.ts';
import type { TemplateSource } from '../../cli/doctor/template/template-source.ts';
import manifest from '../../package.json' with { type: 'json' };
import { authorizers, type Resources } from './doctor-authorizers.ts';
import { breakableDeployment, serving } from './doctor-deployment.ts';

/** `countersign doctor`: what the templates of stacks tell. */

const deployment = await breakableDeployment();

function source(Resources: Resources | string, apiEndpoint?: string): TemplateSource {
  const json = typeof Resources === 'string' ? Resources : JSON.stringify({ Resources });
  return { name: 'Orders', read: async () => parseTemplate('Orders', json), apiEndpoint };
}

async function verdictsOf(check: string, template: TemplateSource) {
  const findings = await deployment.examine((answer) => answer, { templates: [template] });
  return findings.filter((finding) => finding.check === check);
}

describe('what an authorizer caches', () => {
  test.for(authorizers)('%s', async ([, resources, status, sentence]) => {
    const verdicts = await verdictsOf('authorizer-cache', source(resources));
    expect(verdicts[0]).toMatchObject({ status, what: expect.stringMatching(sentence) });
    if (status !== 'ok') expect(verdicts[0]?.remedy).toMatch(/^[A-Z][^\n]+\.$/);
  });
});

describe('the version that a stack was deployed by', () => {
  const keyRing = (Properties: Readonly<Record<string, unknown>>) => ({
    R: { Type: 'Custom::CountersignKeyRing', Properties },
  });

  test.for<[string, Resources, string]>([
    ['ok', keyRing({ Version: manifest.version }), `by version ${manifest.version}, as is this`],
    ['warning', keyRing({ Version: '0.0.1' }), `another version, 0.0.1; this command line is`],
    ['warning', keyRing({}), 'another version, one that does not say which it is; this'],
  ])('%s', async ([status, resources, sentence]) => {
    const [verdict, ...others] = await verdictsOf('version', source(resources));
    expect(verdict).toMatchObject({ status, what: expect.stringContaining(sentence) });
    expect(others).toEqual([]);
  });

  test('is no matter of a stack without an authorization server, or without a template', async () => {
    expect(await verdictsOf('version', source({}))).toEqual([]);
    expect(await verdictsOf('version', source('{'))).toEqual([]);
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
    [429, '{"message":"Too Many Requests"}', /answers 429, as it gets .+, which does not tell/],
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
