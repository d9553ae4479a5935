import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { serversOf } from '../../cli/command/stacks/server-outputs.ts';
import { CountersignStack } from '../../infra/app/countersign-stack.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';

/** The command line finds what the constructs write. */

/** The stack as DescribeStacks tells of it, each value the key of its output. */
function deployed(stack: Stack) {
  const outputs: Readonly<Record<string, { readonly Description?: string }>> =
    Template.fromStack(stack).findOutputs('*');
  return {
    StackName: stack.stackName,
    CreationTime: undefined,
    StackStatus: undefined,
    Outputs: Object.entries(outputs).map(([OutputKey, { Description }]) => ({
      OutputKey,
      OutputValue: `value of ${OutputKey}`,
      ...(Description !== undefined && { Description }),
    })),
  };
}

test('two servers in the stack of an owner, beside his own outputs', () => {
  const stack = new Stack(new App(), 'Orders');
  new CfnOutput(stack, 'Issuer', { value: 'https://orders.example.com' });
  new AuthorizationServer(new Construct(stack, 'Auth'), 'Server');
  new AuthorizationServer(stack, 'Staff');
  const found = serversOf(deployed(stack));
  expect(found.map(({ stack: name, path }) => `${name}/${path}`).toSorted()).toEqual([
    'Orders/Auth/Server',
    'Orders/Staff',
  ]);
  for (const server of found) {
    const { issuer, registryTable, revocationsTable, apiEndpoint, keyRotationFunction } = server;
    expect(issuer).not.toBe('value of Issuer');
    for (const value of [
      issuer,
      registryTable,
      revocationsTable,
      apiEndpoint,
      keyRotationFunction,
    ]) {
      expect(value).toMatch(/^value of (AuthServer|Staff)/);
    }
  }
});

test('the stack that this repository deploys', () => {
  expect(serversOf(deployed(new CountersignStack(new App(), 'Countersign')))).toMatchObject([
    {
      stack: 'Countersign',
      path: 'AuthorizationServer',
      issuer: 'value of Issuer',
      registryTable: 'value of RegistryTable',
      revocationsTable: 'value of RevocationsTable',
      keyRotationFunction: 'value of KeyRotationFunction',
    },
  ]);
});
