import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SigningSettings } from '../settings/signing-settings.ts';
import { type KeyRotationAlarms, keyRotationAlarms } from './key-rotation-alarms.ts';
import { keyRotationFunction } from './key-rotation-function.ts';
import { keyRotationSchedule } from './key-rotation-schedule.ts';
import { wrappingKey } from './wrapping-key.ts';

/** Whose signing keys are rotated, and how. */
export interface KeyRotationProps {
  /** The table that has the key ring. */
  readonly registry: ITable;
  readonly signing: SigningSettings;
  /** @default nowhere: alarms can be seen in CloudWatch alone */
  readonly alarmTopic?: ITopic;
}

/**
 * The signing keys of a deployment. They are no resources of its stack: one function makes and
 * removes them as time passes, and they outlive the stack, so that what they have signed stays
 * verifiable.
 */
export class KeyRotation extends Construct {
  /** What new private keys are wrapped with; absent: they never leave KMS. */
  readonly wrappingKey: IKey | undefined;
  readonly function: LambdaFunction;
  /** Is there once there is an active key. */
  readonly keyRing: CustomResource;
  readonly schedule: Schedule;
  readonly alarms: KeyRotationAlarms;

  constructor(scope: Construct, id: string, { registry, signing, alarmTopic }: KeyRotationProps) {
    super(scope, id);
    const deployment = nameOf(this);
    this.wrappingKey =
      signing.custody === 'kms-wrapped' ? wrappingKey(this, 'WrappingKey', registry) : undefined;
    this.function = keyRotationFunction(this, 'Function', {
      registry,
      signing,
      deployment,
      wrappingKey: this.wrappingKey,
    });
    this.keyRing = keyRing(this, this.function, { ...signing, wrappingKey: this.wrappingKey });
    this.schedule = keyRotationSchedule(this, 'Schedule', this.function);
    this.alarms = keyRotationAlarms(this, { function: this.function, deployment, alarmTopic });
    // Else the first run would race with the deployment to make the first key, and the alarm for
    // want of a run would go off before there has been one.
    this.schedule.node.addDependency(this.keyRing);
    this.alarms.overdue.node.addDependency(this.keyRing);
  }
}

/** A stack may have several authorization servers, and an account several stacks. */
function nameOf(construct: Construct): string {
  const stack = Stack.of(construct);
  return stack.stackName + construct.node.path.slice(stack.node.path.length);
}

/**
 * Has CloudFormation call the function when the settings change. The function answers by itself,
 * and is there only after its role has all permissions. The deployment waits for one retry.
 */
function keyRing(
  scope: Construct,
  { functionArn }: LambdaFunction,
  {
    algorithm,
    wrappingKey,
    keyFamilies,
    keyRotationInterval,
  }: SigningSettings & Pick<KeyRotation, 'wrappingKey'>,
): CustomResource {
  return new CustomResource(scope, 'KeyRing', {
    resourceType: 'Custom::CountersignKeyRing',
    serviceToken: functionArn,
    serviceTimeout: Duration.minutes(3),
    properties: {
      WrappingKey: wrappingKey?.keyArn ?? 'none',
      SigningAlgorithm: algorithm,
      KeyFamilies: keyFamilies,
      KeyRotationInterval: String(keyRotationInterval.toSeconds()),
    },
  });
}
