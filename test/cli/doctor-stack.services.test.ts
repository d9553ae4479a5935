import { text } from 'node:stream/consumers';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Finding } from '../../cli/doctor/findings/finding.ts';
import { stubAwsEnvironment } from './aws-environment.ts';
import {
  type CloudFormationAnswer,
  describedStack,
  refusedAction,
  stackTemplate,
} from './cloudformation.ts';
import { inProcess } from './command.ts';
import { serving } from './doctor-deployment.ts';
import { localDeployment } from './local-deployment.ts';
import { securityTokenService } from './sts.ts';

/** `countersign doctor --stack`: what the stack itself and its template tell. */

const { contents, file } = await localDeployment();
const sts = await securityTokenService();
const templates = new Map<string, string>();
const asked: URLSearchParams[] = [];

const endpoint = await serving(async (request, response) => {
  const query = new URLSearchParams(await text(request));
  asked.push(query);
  const { status, body } =
    query.get('Action') === 'DescribeStacks' ? describedStack('Mine', outputs) : template(query);
  response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
});

const outputs = {
  Issuer: file.issuer,
  RegistryTable: file.registryTable,
  ApiEndpoint: file.issuer,
};

function template(query: URLSearchParams): CloudFormationAnswer {
  const name = query.get('StackName') ?? '';
  const json = templates.get(name);
  if (json !== undefined) return stackTemplate(json);
  return refusedAction(400, 'ValidationError', `Stack with id ${name} does not exist`);
}

const mutualTls = {
  D: {
    Type: 'AWS::ApiGatewayV2::DomainName',
    Properties: { MutualTlsAuthentication: { TruststoreUri: 's3://trust/store.pem' } },
  },
  P: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
};
const careless = {
  A: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
    },
  },
};
const put = (name: string, Resources: object) => templates.set(name, JSON.stringify({ Resources }));

async function doctor(...more: readonly string[]) {
  const outcome = await inProcess(['doctor', '--stack', 'Mine', '--json', ...more]);
  expect(outcome.stderr).toBe('');
  const findings: readonly Finding[] = JSON.parse(outcome.stdout).findings;
  const of = (wanted: string) => findings.filter(({ check }) => check === wanted);
  return { exitCode: outcome.exitCode, findings, of };
}

beforeAll(() => {
  const { dynamodbEndpoint: dynamodb, lambdaEndpoint: lambda } = file;
  stubAwsEnvironment({ cloudformation: endpoint, dynamodb, lambda, sts: sts.endpoint });
});

beforeEach(() => {
  asked.length = 0;
  templates.clear();
  put('Mine', {});
});

test('without a resource server there is no token to look at, and nothing is written', async () => {
  const { exitCode, of } = await doctor();
  expect(exitCode).toBe(0);
  expect(of('token')).toMatchObject([
    {
      status: 'warning',
      what: 'There is no default resource server, and so no token to look at.',
      remedy: expect.stringMatching(/countersign resource create .+ with --resource\.$/),
    },
  ]);
  expect(await contents()).toEqual([]);
});

describe('with a resource server', () => {
  beforeAll(async () => {
    await inProcess(['resource', 'create', 'urn:example:api', '--scope', 'read', '--local']);
  });

  test('a client comes and goes, and each template is read once', async () => {
    const before = await contents();
    const { exitCode, of } = await doctor();
    expect(exitCode).toBe(0);
    expect(of('token')).toMatchObject([{ status: 'ok' }]);
    expect(of('default-endpoint')).toMatchObject([{ what: 'There is no mutual TLS.' }]);
    expect(of('authorizer-cache')).toMatchObject([{ status: 'not_checked' }]);
    expect(await contents()).toEqual(before);
    expect(asked.map((query) => [query.get('Action'), query.get('StackName')])).toEqual([
      ['DescribeStacks', 'Mine'],
      ['GetTemplate', 'Mine'],
    ]);
  });

  test('mutual TLS that can be gone round is found in the template and outside', async () => {
    put('Mine', mutualTls);
    const { exitCode, of } = await doctor();
    expect(exitCode).toBe(1);
    expect(of('default-endpoint')).toMatchObject([
      { status: 'problem', what: expect.stringMatching(/^The API P of the stack Mine has/) },
      { status: 'problem', what: `There is mutual TLS, and ${file.issuer} answers without it.` },
    ]);
  });

  test('--api-stack looks at the authorizers of further stacks', async () => {
    put('Orders', careless);
    const { exitCode, of } = await doctor('--api-stack', 'Orders', '--api-stack', 'Gone');
    expect(exitCode).toBe(1);
    expect(of('authorizer-cache')).toMatchObject([
      { status: 'problem', what: expect.stringMatching(/^The authorizer A of the stack Orders/) },
      {
        status: 'problem',
        what: 'The template of the stack Gone cannot be read: Stack with id Gone does not exist.',
        remedy: expect.stringMatching(/the region and the permission/),
      },
    ]);
  });

  test('--api-stack goes with an issuer too', async () => {
    put('Orders', careless);
    const parameters = ['doctor', '--issuer', file.issuer, '--api-stack', 'Orders', '--json'];
    const { exitCode, stdout } = await inProcess(parameters);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('one cached answer opens every route');
    expect(asked.map((query) => query.get('Action'))).toEqual(['GetTemplate']);
  });
});
