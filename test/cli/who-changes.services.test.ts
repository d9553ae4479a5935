import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { testAccount } from '../support/test-account.ts';
import { stubAwsEnvironment } from './aws-environment.ts';
import { cloudFormation, describedStack, refusedAction } from './cloudformation.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';
import { operator, securityTokenService } from './sts.ts';

/** Each change by the command line says who made it, and with which command. */

const { contents, file } = await localDeployment();
const { endpoint: cloudformation, state: stacks } = await cloudFormation();
const sts = await securityTokenService();
const { issuer: Issuer, registryTable: RegistryTable, dynamodbEndpoint } = file;
stacks.answer = () => describedStack('Countersign', { Issuer, RegistryTable });
const dynamodb = new DynamoDBClient({ ...testAccount, endpoint: dynamodbEndpoint });
afterAll(() => dynamodb.destroy());

beforeEach(() => {
  const { lambdaEndpoint: lambda } = file;
  stubAwsEnvironment({ cloudformation, dynamodb: dynamodbEndpoint, lambda, sts: sts.endpoint });
  sts.state.asked = 0;
  sts.state.refusal = undefined;
});

const changedBy = async (pk: string) => {
  const command = new GetItemCommand({ TableName: file.registryTable, Key: { pk: { S: pk } } });
  const { Item } = await dynamodb.send(command);
  return Item && unmarshall(Item).changed_by;
};

const api = 'urn:example:api';
const created = ['resource', 'create', api, '--scope', 'read'];

describe('a change', () => {
  test('has the ARN of whoever calls AWS, asked once, and the command without values', async () => {
    expect(await inProcess(created)).toMatchObject({ exitCode: 0 });
    const by = await changedBy(`resource#${api}`);
    expect(by).toEqual({ identity: operator, tool: 'resource create', change: expect.any(String) });
    expect(sts.state.asked).toBe(1);
    const options = ['--stack', 'Countersign', '--scope', 'read write'];
    expect(await inProcess(['resource', 'update', api, ...options])).toMatchObject({ exitCode: 0 });
    const next = await changedBy(`resource#${api}`);
    expect(next).toMatchObject({ identity: operator, tool: 'resource update' });
    expect(next.change).not.toBe(by.change);
  });

  test('of the local stack is made by `local`', async () => {
    const client = ['client', 'create', '--name', 'N', '--client-id', 'local-one', '--local'];
    expect(await inProcess(client)).toMatchObject({ exitCode: 0 });
    expect(await changedBy('client#local-one')).toMatchObject({
      identity: 'local',
      tool: 'client create',
    });
    expect(sts.state.asked).toBe(0);
  });

  test('is not made where AWS does not say who makes it', async () => {
    const before = await contents();
    sts.state.refusal = refusedAction(403, 'InvalidClientTokenId', 'The token is invalid');
    const outcome = await inProcess(['resource', 'create', 'urn:example:never', '--scope', 'read']);
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
    expect(outcome.stderr).toBe(
      'error: each change is recorded with who made it, and AWS STS did not say who you are, so this change was not made; see that `aws sts get-caller-identity` works with these credentials and this Region, then try again (AWS does not accept the credentials: look at the profile and the clock of this computer)\n',
    );
    expect(await contents()).toEqual(before);
  });
});

test('who only reads is not asked for', async () => {
  for (const command of [
    ['client', 'list'],
    ['resource', 'list'],
    ['resource', 'show', api],
  ]) {
    expect(await inProcess(command)).toMatchObject({ exitCode: 0 });
  }
  expect(sts.state.asked).toBe(0);
});
