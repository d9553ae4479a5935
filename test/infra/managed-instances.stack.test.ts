import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Architecture, CapacityProvider, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { KeyCustody } from '../../infra/settings/choices/key-custody.ts';
import { scratchStack } from './synthesis.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/cost-and-scale.md'), 'utf8');

test('the token function runs on instances of a capacity provider as the page has it', () => {
  const stack = scratchStack();
  const vpc = new Vpc(stack, 'Vpc');
  const server = new AuthorizationServer(stack, 'Server', { signing: KeyCustody.KMS_WRAPPED });

  // docs/cost-and-scale.md: from here
  const capacity = new CapacityProvider(stack, 'Capacity', {
    subnets: vpc.privateSubnets,
    securityGroups: [new SecurityGroup(stack, 'Instances', { vpc })],
    architectures: [Architecture.ARM_64],
  });
  capacity.addFunction(server.tokenFunction, { perExecutionEnvironmentMaxConcurrency: 64 });
  (server.tokenFunction.node.defaultChild as CfnFunction).memorySize = 2048;
  // to here

  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: 'Countersign: POST /token',
    MemorySize: 2048,
    Architectures: ['arm64'],
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Capacity'), 'Arn'] },
        PerExecutionEnvironmentMaxConcurrency: 64,
      },
    },
  });
  // No other function is on them.
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(functions.filter(({ Properties }) => Properties.CapacityProviderConfig)).toHaveLength(1);
});

test('the page has the lines that are tested', () => {
  const source = readFileSync(import.meta.filename, 'utf8');
  const [, lines = ''] = /: from here\n([\s\S]*?) *\/\/ to here/.exec(source) ?? [];
  const tested = lines.replace(/^ {2}/gm, '').replaceAll('(stack, ', '(this, ');
  expect(tested).toMatch(/addFunction/);
  expect(page).toContain(tested.trim());
});
