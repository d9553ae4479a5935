import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { permissionsOfRole } from './permissions.ts';
import { environmentOf, propertiesOf, resourceOf, scratchStack, synthesize } from './synthesis.ts';

const alarmTopicArn = 'arn:aws:sns:eu-west-1:111122223333:alarms';
const { countersign: template } = synthesize({ alarmTopicArn });
const prefix = 'AuthorizationServerClientAdministration';
const { id } = resourceOf(template, 'AWS::Lambda::Function', prefix);
const arn = { 'Fn::GetAtt': [id, 'Arn'] };

describe('the function', () => {
  test('knows from when on a secret ends soon, and how its metric is told apart', () => {
    expect(environmentOf(template, prefix)).toMatchObject({
      EXPIRY_WARNING: String(30 * 86_400),
      DEPLOYMENT: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '/AuthorizationServer']] },
    });
  });

  test('is called by Secrets Manager for secrets of this account alone', () => {
    const { Properties } = resourceOf(template, 'AWS::Lambda::Permission', prefix);
    expect(Properties).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: arn,
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
  });

  test('is called twice a day, by a role that may do nothing else', () => {
    const { id: role } = resourceOf(template, 'AWS::IAM::Role', `${prefix}SecretsExpiring`);
    expect(propertiesOf(template, 'AWS::Scheduler::Schedule', prefix)).toMatchObject({
      ScheduleExpression: 'rate(12 hours)',
      Target: {
        Arn: arn,
        Input: '{"command":"count-expiring"}',
        RoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
      },
    });
    expect(permissionsOfRole(template, { 'Fn::GetAtt': [role] })).toEqual([
      { action: 'lambda:InvokeFunction', on: `AWS::Lambda::Function ${prefix}` },
    ]);
  });
});

describe('the alarm', () => {
  test('goes off by one client, and the topic hears as well when nobody counts', () => {
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm', prefix)).toEqual({
      AlarmDescription: {
        'Fn::Join': [
          '',
          [
            { Ref: 'AWS::StackName' },
            expect.stringMatching(
              /^\/AuthorizationServer: the last secret of a client ends within 30 days, /,
            ),
          ],
        ],
      },
      Namespace: 'Countersign',
      MetricName: 'ClientsLosingSecrets',
      Dimensions: [
        { Name: 'deployment', Value: environmentOf(template, prefix).DEPLOYMENT },
        { Name: 'service', Value: 'administration' },
      ],
      Statistic: 'Maximum',
      Period: 86_400,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: 'missing',
      AlarmActions: [alarmTopicArn],
      InsufficientDataActions: [alarmTopicArn],
    });
  });

  test('is known to the owner, who says how early it goes off', () => {
    const other = scratchStack();
    const server = new AuthorizationServer(other, 'Server', { expiryWarning: Duration.days(7) });
    const made = Template.fromStack(other);
    const own = 'ServerClientAdministration';
    expect(environmentOf(made, own).EXPIRY_WARNING).toBe(String(7 * 86_400));
    const alarm = propertiesOf(made, 'AWS::CloudWatch::Alarm', own);
    expect(JSON.stringify(alarm.AlarmDescription)).toContain('within 7 days');
    expect(alarm).not.toHaveProperty('AlarmActions');
    expect(other.resolve(server.secretsExpiringAlarm.alarmName)).toEqual({
      Ref: resourceOf(made, 'AWS::CloudWatch::Alarm', own).id,
    });
  });

  test.for([Duration.hours(23), Duration.days(366), Duration.seconds(86_400.5)])(
    'takes no %s',
    (expiryWarning) => {
      expect(() => new AuthorizationServer(scratchStack(), 'Server', { expiryWarning })).toThrow(
        'expiryWarning',
      );
    },
  );
});
