import { CustomResource, Duration, Lazy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { deploymentName } from '../deployment-name.ts';
import { ownVersion } from '../package-files.ts';
import type { SigningSettings } from '../settings/signing-settings.ts';
import { contextOf, grantOnKeyRing, grantOnKeys, keyOf, roleOf, signingBy } from './key-access.ts';
import { type KeyRotationAlarms, keyRotationAlarms } from './key-rotation-alarms.ts';
import { KeyRotationFunction, type KeyRotationFunctionProps } from './key-rotation-function.ts';
import { KeyRotationSchedule } from './key-rotation-schedule.ts';
import { WrappingKey } from './wrapping-key.ts';

/** Whose signing keys are rotated, and how. */
export interface KeyRotationProps {
  /** The table that has the key ring. */
  readonly registry: ITable;
  /** The table of what was taken back. */
  readonly revocations: ITable;
  readonly signing: SigningSettings;
  /** The issuer identifier, which an update may not change unless it says which one it replaces. */
  readonly issuer: string;
  /** @default none */
  readonly replacesIssuer?: string;
  /** Ids of the keys whose policies it may put, though they name another key rotation. */
  readonly adoptedKeys: readonly string[];
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
  readonly wrappingKey: WrappingKey | undefined;
  readonly function: LambdaFunction;
  /** Exists once there is an active key. */
  readonly keyRing: CustomResource;
  readonly schedule: Schedule;
  readonly alarms: KeyRotationAlarms;
  readonly #props: KeyRotationProps;
  readonly #signers = new Set<string>();

  constructor(scope: Construct, id: string, props: KeyRotationProps) {
    super(scope, id);
    this.#props = props;
    const { registry, revocations, signing, alarmTopic, issuer, replacesIssuer } = props;
    const { adoptedKeys } = props;
    const deployment = deploymentName(this);
    this.wrappingKey =
      signing.custody === 'kms-wrapped'
        ? new WrappingKey(this, 'WrappingKey', registry)
        : undefined;
    // The functions that sign are made later.
    const tokenRole = Lazy.string({ produce: () => [...this.#signers].join(' ') });
    this.function = new KeyRotationFunction(this, 'Function', {
      registry,
      revocations,
      signing,
      tokenRole,
      deployment,
      adoptedKeys,
      wrappingKey: this.wrappingKey,
    });
    const { wrappingKey } = this;
    this.keyRing = keyRing(this, this.function, {
      ...{ ...signing, wrappingKey, tokenRole },
      ...{ issuer, replacesIssuer, registry },
    });
    this.schedule = new KeyRotationSchedule(this, 'Schedule', this.function);
    this.alarms = keyRotationAlarms(this, { function: this.function, deployment, alarmTopic });
    // Else the first run would race with the deployment to make the first key, and the alarm would
    // go off before there has been a run.
    this.schedule.node.addDependency(this.keyRing);
    this.alarms.overdue.node.addDependency(this.keyRing);
  }

  /** Lets a function read the key ring, and nothing else of the registry. */
  grantReadKeyRing(to: LambdaFunction): void {
    grantOnKeyRing(to, this.#props.registry, 'dynamodb:GetItem');
  }

  /**
   * Has a function made and changed only once the key ring has taken the same deployment: what it refuses
   * reaches nobody. Its role comes before.
   */
  changeBefore(changed: LambdaFunction): void {
    changed.node.defaultChild?.node.addDependency(this.keyRing);
  }

  /**
   * Lets a function sign with the keys of this deployment: have KMS sign, or unwrap private keys. Unwrapping
   * is granted whatever `signing` is, by the wrapping key's tag: after a change of the setting a wrapped key
   * signs until all have seen its successor. The present wrapping key is named as well, for a new
   * tag may take minutes to count. The policies of the keys let nobody else sign or unwrap.
   */
  grantSign(to: LambdaFunction): void {
    const { registry, signing } = this.#props;
    this.#signers.add(roleOf(to));
    const ofOurs = keyOf(registry);
    grantOnKeys(to, {
      actions: ['kms:Sign'],
      conditions: { StringEquals: { ...ofOurs, ...signingBy(signing.algorithms) } },
    });
    grantOnKeys(to, {
      actions: ['kms:Decrypt'],
      conditions: { StringEquals: { ...ofOurs, ...contextOf(registry) } },
    });
    this.wrappingKey?.grantUnwrap(to);
  }
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
    tokenRole,
    issuer,
    replacesIssuer = 'none',
    registry,
  }: SigningSettings &
    Pick<KeyRotationFunctionProps, 'wrappingKey' | 'tokenRole'> &
    Pick<KeyRotationProps, 'issuer' | 'replacesIssuer' | 'registry'>,
): CustomResource {
  return new CustomResource(scope, 'KeyRing', {
    resourceType: 'Custom::CountersignKeyRing',
    serviceToken: functionArn,
    serviceTimeout: Duration.minutes(3),
    properties: {
      Registry: registry.tableName,
      TokenRole: tokenRole,
      WrappingKey: wrappingKey?.keyArn ?? 'none',
      SigningAlgorithm: algorithm,
      KeyFamilies: keyFamilies,
      KeyRotationDays: String(keyRotationInterval.toDays({ integral: false })),
      Issuer: issuer,
      ReplacesIssuer: replacesIssuer,
      Version: ownVersion(),
    },
  });
}
