import { Aws, Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { keyTags } from '../../functions/aws/key-tags.ts';
import { revocationsTable } from '../../functions/aws/revocations-table.ts';
import {
  type SigningAlgorithm,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import type { KeyRotationEnvironment } from '../../functions/key-rotation/environment.ts';
import { NodeFunction } from '../node-function.ts';
import { acknowledge } from '../settings/acknowledgement.ts';
import type { SigningSettings } from '../settings/signing-settings.ts';
import {
  grantOnKeyRing,
  grantOnKeys,
  grantOnPartition,
  keyArn,
  keyOf,
  roleOf,
} from './key-access.ts';
import type { WrappingKey } from './wrapping-key.ts';

/** Whose signing keys the function keeps, and how. */
export interface KeyRotationFunctionProps {
  readonly registry: ITable;
  /** Where it notes the keys that were revoked. */
  readonly revocations: ITable;
  readonly signing: SigningSettings;
  /** ARNs, with spaces between, of the roles that sign: policies of keys name them. */
  readonly tokenRole: string;
  /** What new keys are wrapped with; absent: they are made within KMS. */
  readonly wrappingKey: WrappingKey | undefined;
  /** Ids of the keys whose policies it may put, though they name another key rotation. */
  readonly adoptedKeys: readonly string[];
  /** What its metrics are told apart by. */
  readonly deployment: string;
}

/** The only function that makes, publishes, activates, retires and removes signing keys. */
export class KeyRotationFunction extends NodeFunction {
  constructor(scope: Construct, id: string, props: KeyRotationFunctionProps) {
    const { registry, revocations, signing, wrappingKey, adoptedKeys } = props;
    super(scope, id, {
      description: 'Countersign: the life cycle of the signing keys',
      entry: 'key-rotation/index',
      // KMS may be slow with many keys at once, and nobody waits.
      timeout: Duration.seconds(60),
      environment: environment(props),
    });
    this.addEnvironment(ownRole, roleOf(this));
    grantOnKeyRing(this, registry, 'dynamodb:GetItem', 'dynamodb:PutItem');
    grantOnPartition(this, revocations, revocationsTable.revoked, 'dynamodb:PutItem');
    const algorithm: SigningAlgorithm = signingAlgorithms[signing.algorithm];
    if (wrappingKey === undefined) grantMake(this, registry, algorithm);
    else wrappingKey.grantWrap(this, algorithm);
    // What these tell is public. Not by tag: KMS may take five minutes until a new key's tag counts.
    grantOnKeys(this, { actions: ['kms:DescribeKey', 'kms:GetPublicKey'] });
    grantOnKeys(this, {
      actions: ['kms:ScheduleKeyDeletion'],
      conditions: { StringEquals: { ...keyOf(registry), ...onlySigns } },
    });
    if (adoptedKeys.length > 0) grantEntrust(this, adoptedKeys);
    grantFind(this);
    // Whether an update is a roll-back; see functions/key-rotation/issuer-change.ts.
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['cloudformation:DescribeStacks'],
        resources: [Aws.STACK_ID],
      }),
    );
  }
}

// The role is made together with the function.
const ownRole = 'ROTATION_ROLE' satisfies keyof KeyRotationEnvironment;

const environment = ({
  registry,
  revocations,
  signing,
  tokenRole,
  wrappingKey,
  deployment,
}: KeyRotationFunctionProps) =>
  ({
    REGISTRY_TABLE: registry.tableName,
    REVOCATIONS_TABLE: revocations.tableName,
    TOKEN_ROLE: tokenRole,
    WRAPPING_KEY: wrappingKey?.keyArn ?? 'none',
    SIGNING_ALGORITHM: signing.algorithm,
    KEY_ROTATION_DAYS: String(signing.keyRotationInterval.toDays({ integral: false })),
    KEY_FAMILIES: signing.keyFamilies,
    DEPLOYMENT: deployment,
  }) satisfies Omit<KeyRotationEnvironment, typeof ownRole>;

// A wrapping key has our tag, too, and encrypts: by this condition it can never be deleted.
const onlySigns = { 'kms:KeyUsage': 'SIGN_VERIFY' };

/** Lets a function make keys that are tagged as this deployment's own, for the algorithm that is wanted. */
function grantMake(to: LambdaFunction, registry: ITable, { KeySpec }: SigningAlgorithm): void {
  const tag = { [`aws:RequestTag/${keyTags.registry}`]: registry.tableName };
  const noOtherTag = { 'ForAllValues:StringEquals': { 'aws:TagKeys': Object.values(keyTags) } };
  const spec = { 'kms:KeySpec': KeySpec };
  to.addToRolePolicy(
    new PolicyStatement({
      actions: ['kms:CreateKey'],
      resources: ['*'],
      conditions: { StringEquals: { ...tag, ...spec, ...onlySigns }, ...noOtherTag },
    }),
  );
  // KMS demands this permission where a key is made with tags. No condition tells a key in the making
  // from one that exists, and whether the request then says which tags is not documented: hence
  // IfExists. In any case no other tags than ours can be set.
  grantOnKeys(to, {
    actions: ['kms:TagResource'],
    conditions: { StringEqualsIfExists: tag, ...noOtherTag },
  });
}

/**
 * Lets a function put the policies of these keys, by what the policies leave to the account. Not by tag: it may set
 * tags, too, and could then put the policy of any key.
 */
function grantEntrust(to: LambdaFunction, keyIds: readonly string[]): void {
  const resources = keyIds.map(keyArn);
  to.addToRolePolicy(new PolicyStatement({ actions: ['kms:PutKeyPolicy'], resources }));
}

/** Lets a function find keys by their tags, which IAM grants for all resources of an account or none. */
function grantFind(to: LambdaFunction): void {
  to.addToRolePolicy(new PolicyStatement({ actions: ['tag:GetResources'], resources: ['*'] }));
  if (to.role) acknowledge(to.role, noResource);
}

const noResource = {
  id: 'AwsSolutions-IAM5[Resource::*]',
  reason:
    'kms:CreateKey and tag:GetResources take no resource. Conditions limit the first to keys with our tag; the second reads tags.',
};
