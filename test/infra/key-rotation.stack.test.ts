import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import manifest from '../../package.json' with { type: 'json' };
import { anyKey, permissionsOf, permissionsOfRole } from './permissions.ts';
import { environmentOf, propertiesOf, resourceOf, scratchStack, synthesize } from './synthesis.ts';

const { countersign: template } = synthesize();
const prefix = 'AuthorizationServerKeyRotation';
const rotation = resourceOf(template, 'AWS::Lambda::Function', prefix);
const arn = { 'Fn::GetAtt': [rotation.id, 'Arn'] };
const keyRing = resourceOf(template, 'Custom::CountersignKeyRing');
const { id: registryId } = resourceOf(
  template,
  'AWS::DynamoDB::GlobalTable',
  'AuthorizationServerRegistry',
);
const registry = { Ref: registryId };
const roleOf = (functionId: string) =>
  propertiesOf(template, 'AWS::Lambda::Function', functionId).Role;

/** The roles of the functions that sign, with spaces between: the token function's first. */
const [tokens, introspection, list] = ['Token', 'Introspection', 'RevocationList'].map((name) =>
  roleOf(`AuthorizationServer${name}Function`),
);
const signingRoles = { 'Fn::Join': ['', [tokens, ' ', introspection, ' ', list]] };

/** A text that begins with the name of the stack. */
const deployment = (rest: string) => ({ 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, rest]] });

describe('the function', () => {
  test('knows the settings', () => {
    expect(environmentOf(template, prefix)).toEqual({
      REGISTRY_TABLE: registry,
      REVOCATIONS_TABLE: { Ref: expect.stringMatching(/^AuthorizationServerRevocations/) },
      WRAPPING_KEY: 'none',
      TOKEN_ROLE: signingRoles,
      ROTATION_ROLE: roleOf(prefix),
      SIGNING_ALGORITHM: 'RS256',
      KEY_ROTATION_DAYS: '90',
      KEY_FAMILIES: 'one',
      DEPLOYMENT: deployment('/AuthorizationServer/KeyRotation'),
    });
  });

  test('E11: may make, publish, remove and note keys of its own of 2048 bits, and nothing else', () => {
    const condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['signing-keys'] } };
    const table = 'AWS::DynamoDB::GlobalTable AuthorizationServerRegistry';
    const logs = `AWS::Logs::LogGroup ${prefix}FunctionLogs`;
    const tag = { 'aws:RequestTag/countersign:registry': registry };
    const noOtherTag = {
      'ForAllValues:StringEquals': {
        'aws:TagKeys': ['countersign:registry', 'countersign:algorithm', 'countersign:plan'],
      },
    };
    const spec = { 'kms:KeySpec': 'RSA_2048', 'kms:KeyUsage': 'SIGN_VERIFY' };
    const own = {
      'aws:ResourceTag/countersign:registry': registry,
      'kms:KeyUsage': 'SIGN_VERIFY',
    };
    expect(permissionsOf(template, prefix)).toEqual([
      { action: 'cloudformation:DescribeStacks', on: '<StackId>' },
      { action: 'dynamodb:GetItem', on: table, condition },
      { action: 'dynamodb:PutItem', on: table, condition },
      {
        action: 'dynamodb:PutItem',
        on: 'AWS::DynamoDB::GlobalTable AuthorizationServerRevocations',
        condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['revoked'] } },
      },
      {
        action: 'kms:CreateKey',
        on: '*',
        condition: { StringEquals: { ...tag, ...spec }, ...noOtherTag },
      },
      { action: 'kms:DescribeKey', on: anyKey },
      { action: 'kms:GetPublicKey', on: anyKey },
      { action: 'kms:ScheduleKeyDeletion', on: anyKey, condition: { StringEquals: own } },
      {
        action: 'kms:TagResource',
        on: anyKey,
        condition: { StringEqualsIfExists: tag, ...noOtherTag },
      },
      { action: 'logs:CreateLogStream', on: logs },
      { action: 'logs:PutLogEvents', on: logs },
      { action: 'tag:GetResources', on: '*' },
    ]);
  });
});

describe('the schedule', () => {
  const schedule = resourceOf(template, 'AWS::Scheduler::Schedule', prefix);
  const { Target } = schedule.Properties as { Target: { RoleArn: unknown } };

  test('has the function tend the keys every five minutes', () => {
    expect(schedule.Properties).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: {
        Arn: arn,
        Input: '{"command":"tend"}',
        RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 1 },
      },
    });
  });

  test('may invoke that function and nothing else', () => {
    expect(permissionsOfRole(template, Target.RoleArn)).toEqual([
      { action: 'lambda:InvokeFunction', on: `AWS::Lambda::Function ${prefix}Function` },
    ]);
  });

  test('starts when there is a key ring', () => {
    expect(schedule.DependsOn).toContain(keyRing.id);
  });

  test("leaves Lambda's retries to the deployment, which needs them", () => {
    const configured = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig'));
    const names = configured.map(({ Properties }) => Properties.FunctionName);
    expect(names).not.toContainEqual({ Ref: rotation.id });
  });
});

describe('the key ring at deployment', () => {
  test('is asked for when a setting changes', () => {
    expect(keyRing.Properties).toEqual({
      ServiceToken: arn,
      ServiceTimeout: '180',
      Registry: registry,
      TokenRole: signingRoles,
      WrappingKey: 'none',
      SigningAlgorithm: 'RS256',
      KeyFamilies: 'one',
      KeyRotationDays: '90',
      Issuer: environmentOf(template, 'AuthorizationServerTokenFunction').ISSUER,
      ReplacesIssuer: 'none',
      Version: manifest.version,
    });
  });

  test('is told the issuer, and which one it replaces', () => {
    const set = { issuer: 'https://b.example.com', replacesIssuer: 'https://a.example.com' };
    const { countersign } = synthesize(set);
    expect(propertiesOf(countersign, 'Custom::CountersignKeyRing')).toMatchObject({
      Issuer: 'https://b.example.com',
      ReplacesIssuer: 'https://a.example.com',
    });
  });

  test('comes before the functions that the issuer reaches', () => {
    for (const name of ['Token', 'Discovery', 'Revocation', 'Introspection', 'RevocationList']) {
      const id = `AuthorizationServer${name}Function`;
      const { DependsOn } = resourceOf(template, 'AWS::Lambda::Function', id);
      expect(DependsOn).toContain(keyRing.id);
    }
  });

  test('comes after all that the function may do', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith(`${prefix}FunctionRole`))
      .map(([id]) => id);
    expect(policies).toHaveLength(1);
    expect(rotation.DependsOn).toEqual(expect.arrayContaining(policies));
  });

  test('settings reach the function and the key ring', () => {
    const { countersign } = synthesize({
      signingAlgorithm: 'ES384',
      mixedKeyFamilies: 'true',
      keyRotationDays: '30',
    });
    expect(environmentOf(countersign, prefix)).toMatchObject({
      SIGNING_ALGORITHM: 'ES384',
      KEY_ROTATION_DAYS: '30',
      KEY_FAMILIES: 'mixed',
    });
    expect(propertiesOf(countersign, 'Custom::CountersignKeyRing')).toMatchObject({
      SigningAlgorithm: 'ES384',
      KeyRotationDays: '30',
      KeyFamilies: 'mixed',
    });
  });
});

describe('alarms', () => {
  test('a run and both of its retries have failed', () => {
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm', `${prefix}Failed`)).toEqual({
      AlarmDescription: deployment(
        expect.stringContaining('the key rotation has failed. Tokens are issued'),
      ),
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: rotation.id } }],
      Statistic: 'Sum',
      Period: 900,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 3,
      TreatMissingData: 'notBreaching',
    });
  });

  test('a change is late, or no run has said for an hour that none is', () => {
    const overdue = resourceOf(template, 'AWS::CloudWatch::Alarm', `${prefix}Overdue`);
    expect(overdue.Properties).toEqual({
      AlarmDescription: deployment(
        expect.stringContaining('is three hours late, or the key rotation does not'),
      ),
      Namespace: 'Countersign',
      MetricName: 'OverdueSeconds',
      Dimensions: [
        { Name: 'deployment', Value: environmentOf(template, prefix).DEPLOYMENT },
        { Name: 'service', Value: 'key-rotation' },
      ],
      Statistic: 'Maximum',
      Period: 300,
      EvaluationPeriods: 12,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 7200,
      TreatMissingData: 'breaching',
    });
    expect(overdue.DependsOn).toEqual([keyRing.id]);
  });

  test('both go to the topic that is set', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-west-1:111122223333:alarms';
    const { countersign } = synthesize({ alarmTopicArn });
    for (const name of ['Failed', 'Overdue']) {
      const { AlarmActions } = propertiesOf(countersign, 'AWS::CloudWatch::Alarm', prefix + name);
      expect(AlarmActions).toEqual([alarmTopicArn]);
    }
  });

  test('a construct takes the topic itself', () => {
    const stack = scratchStack();
    const alarmTopic = new Topic(stack, 'Topic');
    new AuthorizationServer(stack, 'Server', { alarmTopic });
    Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [stack.resolve(alarmTopic.topicArn)],
    });
  });
});

test('two authorization servers of one stack are told apart', () => {
  const stack = scratchStack();
  for (const id of ['One', 'Two']) new AuthorizationServer(stack, id);
  const both = Template.fromStack(stack);
  expect(['One', 'Two'].map((id) => environmentOf(both, `${id}KeyRotation`).DEPLOYMENT)).toEqual([
    deployment('/One/KeyRotation'),
    deployment('/Two/KeyRotation'),
  ]);
});
