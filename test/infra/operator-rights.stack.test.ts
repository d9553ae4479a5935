import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Aws } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { inProcess } from '../cli/command.ts';
import { localDeployment } from '../cli/local-deployment.ts';
import { tables } from '../support/services.ts';
import { type Permission, permissionsOfRole } from './permissions.ts';
import { scratchStack } from './synthesis.ts';

/** The calls of DynamoDB that real commands make, beside what each grant allows. */

interface Call {
  readonly action: string;
  readonly on: string;
  readonly keys: readonly string[];
}

await localDeployment();
const calls: Call[] = [];
const send = DynamoDBClient.prototype.send;

beforeAll(() => {
  vi.spyOn(DynamoDBClient.prototype, 'send').mockImplementation(function (
    this: DynamoDBClient,
    ...parameters: Parameters<typeof send>
  ) {
    const [command] = parameters;
    calls.push(callOf(command.constructor.name, command.input as never));
    return Reflect.apply(send, this, parameters);
  } as typeof send);
});
afterAll(() => void vi.restoreAllMocks());

const inTemplate: Readonly<Record<string, string>> = {
  [tables.registry]: 'AWS::DynamoDB::GlobalTable ServerRegistry',
  [tables.ephemera]: 'AWS::DynamoDB::GlobalTable ServerEphemera',
  [tables.revocations]: 'AWS::DynamoDB::GlobalTable ServerRevocations',
};

interface Key {
  readonly pk: { readonly S: string };
}

interface Input {
  readonly TableName: string;
  /** Of BatchGetItem, in place of the others. */
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Key[] }>>;
  readonly IndexName?: string;
  readonly Key?: Key;
  readonly Item?: Key;
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>;
}

function callOf(name: string, input: Input): Call {
  const action = `dynamodb:${name.replace(/Command$/, '')}`;
  const [[table, { Keys }] = [input.TableName, { Keys: [] }]] = Object.entries(
    input.RequestItems ?? {},
  );
  if (input.RequestItems)
    return { action, on: `${inTemplate[table]}`, keys: Keys.map(({ pk }) => pk.S) };
  const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
  const asked = Object.values(input.ExpressionAttributeValues ?? {}).flatMap(({ S }) => S ?? []);
  const key = (input.Key ?? input.Item)?.pk.S;
  const keys = key === undefined ? asked.slice(0, 1) : [key];
  return { action, on: `${inTemplate[input.TableName]}${index}`, keys };
}

/** As IAM evaluates it, for the two conditions that there are. */
const isAllowed = (permissions: readonly Permission[], { action, on, keys }: Call): boolean =>
  permissions.some(
    (permission) =>
      permission.action === action && permission.on === on && meets(permission.condition, keys),
  );

type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

function meets(condition: unknown, keys: readonly string[]): boolean {
  return Object.entries({ ...(condition as Condition) }).every(([operator, values]) => {
    const allowed = values['dynamodb:LeadingKeys'] ?? [];
    if (operator === 'ForAllValues:StringEquals') return keys.every((key) => allowed.includes(key));
    if (operator !== 'ForAllValues:StringLike') throw new Error(`no ${operator} here`);
    return keys.every((key) => allowed.some((pattern) => like(pattern, key)));
  });
}

const like = (pattern: string, key: string): boolean =>
  pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;

const granted = (grant: 'grantOperate' | 'grantManageClients' | 'grantReadClients') => {
  const stack = scratchStack();
  const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal(Aws.ACCOUNT_ID) });
  new AuthorizationServer(stack, 'Server')[grant](role);
  return permissionsOfRole(Template.fromStack(stack), stack.resolve(role.roleArn));
};
const grants = () => ({
  operate: granted('grantOperate'),
  clients: granted('grantManageClients'),
  read: granted('grantReadClients'),
});
let made: ReturnType<typeof grants> | undefined;
/** A stack of a test goes with the test, but not what was read of it. */
const rights = () => {
  made ??= grants();
  return made;
};

const api = 'urn:example:api';
const all = ['operate', 'clients', 'read'];
const writers = ['operate', 'clients'];

describe('each command, and who may run it', () => {
  test.for<[string, readonly string[]]>([
    [`resource create ${api} --scope read`, ['operate']],
    [`resource update ${api} --default`, ['operate']],
    [`resource list`, all],
    [`resource show ${api}`, all],
    [`client create --name N --client-id one --scope read`, writers],
    [`client update one --name M`, writers],
    [`client secret add one`, writers],
    [`client list`, all],
    [`client show one`, all],
    [`client disable one`, writers],
    [`client enable one`, writers],
    [`client revoke-tokens one --yes`, writers],
    [`revocation list`, all],
    [`client delete one --yes`, writers],
    [`resource delete ${api} --force --yes`, ['operate']],
  ])('%s', async ([command, expected]) => {
    calls.length = 0;
    const outcome = await inProcess([...command.split(' '), '--local']);
    expect(outcome).toMatchObject({ exitCode: 0 });
    expect(calls.length).toBeGreaterThan(0);
    const able = Object.entries(rights()).filter(([, permissions]) =>
      calls.every((call) => isAllowed(permissions, call)),
    );
    expect(able.map(([name]) => name)).toEqual(expected);
  });
});

test('nobody of them may touch the signing keys', () => {
  const on = inTemplate[tables.registry] ?? '';
  for (const name of ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']) {
    const call = { action: `dynamodb:${name}`, on, keys: ['signing-keys'] };
    for (const permissions of Object.values(rights()))
      expect(isAllowed(permissions, call)).toBe(false);
  }
});
