import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { MachineClient } from '../../infra/clients/machine-client.ts';
import type { MachineClientProps } from '../../infra/clients/machine-client-props.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { propertiesOf, resourceOf, scratchStack } from './synthesis.ts';

const attributes = {
  issuer: 'https://auth.example.com',
  administrationFunctionName: 'administration',
  administrationRoleArn: 'arn:aws:iam::111122223333:role/administration',
};

/** The stack of a client of an imported server, with these properties. */
function synthesized(props: Partial<MachineClientProps> = {}): Template {
  const stack = scratchStack();
  const server = AuthorizationServer.fromAttributes(stack, 'Server', attributes);
  new MachineClient(stack, 'Billing', { server, ...props });
  return Template.fromStack(stack);
}

test('a secret does not change by itself unless it is said', () => {
  const template = synthesized();
  template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
  expect(propertiesOf(template, 'AWS::SecretsManager::Secret')).not.toHaveProperty('Tags');
});

describe('a secret that rotates', () => {
  const secretRotation = Duration.days(30);

  test('is rotated by the function of the server, once it is there, and by no deployment', () => {
    const template = synthesized({ secretRotation });
    const { id: secretId } = resourceOf(template, 'AWS::SecretsManager::Secret');
    const { id: registration } = resourceOf(template, 'Custom::CountersignClient');
    const { Properties, DependsOn } = resourceOf(template, 'AWS::SecretsManager::RotationSchedule');
    expect(Properties).toEqual({
      SecretId: { Ref: secretId },
      RotationLambdaARN: {
        'Fn::Join': [
          '',
          expect.arrayContaining([expect.stringMatching(/:function:administration$/)]),
        ],
      },
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    });
    expect(DependsOn).toEqual([registration]);
  });

  test('is rotated by a server of the same stack as well', () => {
    const stack = scratchStack();
    const server = new AuthorizationServer(stack, 'Server');
    new MachineClient(stack, 'Billing', { server, secretRotation });
    const template = Template.fromStack(stack);
    const { id } = resourceOf(template, 'AWS::Lambda::Function', 'ServerClientAdministration');
    const { Properties } = resourceOf(template, 'AWS::SecretsManager::RotationSchedule');
    expect(Properties).toMatchObject({ RotationLambdaARN: { 'Fn::GetAtt': [id, 'Arn'] } });
  });

  test.for<[MachineClientProps['secretRotation'], MachineClientProps['secretOverlap'], string]>([
    [secretRotation, undefined, '86400'],
    [secretRotation, Duration.hours(1), '3600'],
    [Duration.hours(4), undefined, '7200'],
  ])('says how long the old one works: %#', ([rotation, secretOverlap, Value]) => {
    const template = synthesized({ secretRotation: rotation, secretOverlap });
    expect(propertiesOf(template, 'AWS::SecretsManager::Secret').Tags).toEqual([
      { Key: 'countersign:secret-overlap', Value },
    ]);
  });

  test.for<[Duration, string]>([
    [Duration.days(1), 'rate(1 day)'],
    [Duration.hours(36), 'rate(36 hours)'],
    [Duration.hours(4), 'rate(4 hours)'],
  ])('rotates at a rate that Secrets Manager knows: %#', ([rotation, ScheduleExpression]) => {
    const schedule = propertiesOf(
      synthesized({ secretRotation: rotation }),
      'AWS::SecretsManager::RotationSchedule',
    );
    expect(schedule.RotationRules).toEqual({ ScheduleExpression });
  });

  test.for<[string, Partial<MachineClientProps>]>([
    ['secretRotation', { secretRotation: Duration.hours(3) }],
    ['secretRotation', { secretRotation: Duration.days(366) }],
    ['take whole hours', { secretRotation: Duration.minutes(301) }],
    ['secretOverlap', { secretRotation, secretOverlap: Duration.minutes(4) }],
    ['secretOverlap', { secretRotation, secretOverlap: Duration.days(31) }],
    ['is not shorter than', { secretRotation: Duration.days(1), secretOverlap: Duration.days(1) }],
    ['name both', { secretOverlap: Duration.days(1) }],
    ['leave secretRotation out', { secretRotation, github: 'octo-org/app@main' }],
  ])('is refused with a sentence: %s', ([sentence, props]) => {
    expect(() => synthesized(props)).toThrow(sentence);
  });
});
