import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { close, listen } from '../../local/io/http-server.ts';
import { stubAwsEnvironment } from './aws-environment.ts';
import { type CloudFormationAnswer, describedStack, refusedAction } from './cloudformation.ts';
import { countersign, inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';
import { securityTokenService } from './sts.ts';

/** `--stack`: how a deployment is found by its stack, and what can be in the way. */

const { contents, file } = await localDeployment();
const asked: URLSearchParams[] = [];
let answer: CloudFormationAnswer = { status: 500, body: '' };

const server = createServer(async (request, response) => {
  asked.push(new URLSearchParams(await text(request)));
  response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
});
const sts = await securityTokenService();
const endpoint = `http://127.0.0.1:${await listen(server)}`;
afterAll(() => close(server));

beforeEach(() => {
  asked.length = 0;
  const { dynamodbEndpoint: dynamodb, lambdaEndpoint: lambda } = file;
  stubAwsEnvironment({ cloudformation: endpoint, dynamodb, lambda, sts: sts.endpoint });
});

const found = (outputs: Readonly<Record<string, string>>) => describedStack('Countersign', outputs);

test('a stack is found by its outputs, by the real command', async () => {
  answer = found({ Issuer: file.issuer, RegistryTable: file.registryTable, Other: 'x' });
  const create = ['resource', 'create', 'urn:example:api', '--scope', 'read'];
  const options = ['--stack', 'Mine', '--region', 'us-west-2', '--json'];
  const outcome = await countersign([...create, ...options]);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(outcome.stdout)).toMatchObject({ resource: 'urn:example:api' });
  const [query] = asked;
  expect([query?.get('Action'), query?.get('StackName')]).toEqual(['DescribeStacks', 'Mine']);
  expect(await contents()).toHaveLength(2);
});

describe('the key rotation function of a stack', () => {
  const outputs = { Issuer: file.issuer, RegistryTable: file.registryTable };

  test('is found by its output', async () => {
    answer = found({ ...outputs, KeyRotationFunction: file.keyRotationFunction });
    const outcome = await inProcess(['key', 'list', '--json']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ keys: [{ state: 'active' }] });
  });

  test.for([['list'], ['rotate', '--now'], ['revoke', 'a'.repeat(43)]])(
    'is missing from one that was deployed before there was any: key %s',
    async (command) => {
      answer = found(outputs);
      expect(await inProcess(['key', ...command])).toEqual({
        exitCode: 1,
        stdout: '',
        stderr:
          'error: this deployment has no key rotation yet: deploy it again with npx cdk deploy\n',
      });
    },
  );

  test('is not needed by other commands', async () => {
    answer = found(outputs);
    expect(await inProcess(['client', 'list'])).toMatchObject({ exitCode: 0 });
  });

  test('may be gone', async () => {
    answer = found({ ...outputs, KeyRotationFunction: 'gone' });
    expect(await inProcess(['key', 'list'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: the key rotation function of this deployment does not exist\n',
    });
  });
});

describe('clients of a stack', () => {
  const outputs = { Issuer: 'https://auth.example.com', RegistryTable: file.registryTable };
  const create = ['client', 'create', '--name', 'N', '--grant', 'urn:example:api=read', '--json'];

  test('C07: mutual TLS is there when its output is', async () => {
    const MtlsTokenEndpoint = 'https://mtls.auth.example.com/token';
    answer = found({ ...outputs, MtlsTokenEndpoint });
    const outcome = await inProcess([...create, '--tls-san-dns', 'meter.example.com']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('C07: and else is not', async () => {
    answer = found(outputs);
    const before = await contents();
    const outcome = await inProcess([...create, '--tls-san-dns', 'meter.example.com']);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: this deployment has no mutual TLS, .* with mtlsOrigin/);
    expect(await contents()).toEqual(before);
  });

  test.for([
    ['http://127.0.0.1:8080/jwks.json', 'must be an https URL'],
    ['https://127.0.0.1/jwks.json', 'must name its host, and not by an IP address'],
    ['https://localhost/jwks.json', 'must name its host, and not by an IP address'],
    ['https://[::1]/jwks.json', 'must name its host, and not by an IP address'],
  ] as const)('B13: keys at %s are out of reach', async ([uri, sentence]) => {
    answer = found(outputs);
    const before = await contents();
    const stderr = `error: --jwks-uri ${sentence}\n`;
    expect(await inProcess([...create, '--jwks-uri', uri])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr,
    });
    expect(await contents()).toEqual(before);
  });
});

describe('trouble is one sentence, exit code 1, and nothing written', () => {
  test.for([
    [
      'no such stack',
      refusedAction(400, 'ValidationError', 'Stack with id Countersign does not exist'),
      'there is no stack Countersign in eu-central-1; deploy it with npx cdk deploy, or choose another with --stack and --region',
    ],
    [
      'a stack of something else',
      found({ BucketName: 'x' }),
      'the stack Countersign (CREATE_COMPLETE) is no finished deployment of Countersign: it has no outputs Issuer and RegistryTable',
    ],
    [
      'expired credentials',
      refusedAction(403, 'ExpiredToken', 'The security token included in the request is expired'),
      'the AWS credentials have expired: sign in again',
    ],
    [
      'wrong credentials',
      refusedAction(
        403,
        'InvalidClientTokenId',
        'The security token included in the request is invalid.',
      ),
      'AWS does not accept the credentials: look at the profile and the clock of this computer',
    ],
    [
      'credentials without the permission',
      refusedAction(
        403,
        'AccessDenied',
        'User: arn:aws:iam::111122223333:user/x is not authorized to perform: cloudformation:DescribeStacks',
      ),
      'the AWS credentials do not permit this: User: arn:aws:iam::111122223333:user/x is not authorized to perform: cloudformation:DescribeStacks',
    ],
    ['throttling', refusedAction(400, 'Throttling', 'Rate exceeded'), 'AWS is busy: try again'],
  ] as const)('%s', async ([, given, sentence]) => {
    answer = given;
    const before = await contents();
    const create = ['resource', 'create', 'urn:example:never', '--scope', 'read', '--json'];
    create.push('--stack', 'Countersign');
    const outcome = { exitCode: 1, stdout: '', stderr: `error: ${sentence}\n` };
    expect(await inProcess(create)).toEqual(outcome);
    expect(await contents()).toEqual(before);
  });

  test('a registry table that is gone', async () => {
    answer = found({ Issuer: file.issuer, RegistryTable: 'gone' });
    expect(await inProcess(['client', 'list'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: a table of this deployment does not exist\n',
    });
  });

  test('a region that cannot be reached', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', 'http://127.0.0.1:1');
    const { exitCode, stdout, stderr } = await inProcess(['client', 'list']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      'error: the service cannot be reached: look at the network and the region\n',
    );
  });

  test('no region', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    const { exitCode, stderr } = await inProcess(['client', 'list']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'error: no AWS region is set: use --region, AWS_REGION or a profile that names one\n',
    });
  });

  test.for([[[]], [['--profile', 'nobody']]])('no credentials %s', async ([more]) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    const { exitCode, stdout, stderr } = await inProcess(['client', 'list', ...(more ?? [])]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error: no AWS credentials were found(: | for the profile nobody: ).+\n$/,
    );
    expect(asked).toEqual([]);
  });
});
