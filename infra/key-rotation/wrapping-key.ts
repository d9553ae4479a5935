import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { askedBy, repairActions } from '../../functions/aws/key-policy.ts';
import { keyTags } from '../../functions/aws/key-tags.ts';
import type { SigningAlgorithm } from '../../functions/aws/signing-algorithms.ts';
import { contextOf, roleOf } from './key-access.ts';

/**
 * The key in KMS that wraps the private keys of the deployment with this registry. It outlives the
 * stack and the setting: without it none of them could be read again. Its policy names who may wrap
 * and who may unwrap, and no IAM policy lets anybody else.
 */
export class WrappingKey extends Key {
  readonly #registry: ITable;

  constructor(scope: Construct, id: string, registry: ITable) {
    super(scope, id, {
      description: 'Countersign: wraps the private keys that sign access tokens',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({ statements: [ofAccount([...repairActions])] }),
    });
    this.#registry = registry;
    // kms:Decrypt is granted by this tag, so it survives a switch back to `signing: 'kms'`.
    Tags.of(this).add(keyTags.registry, registry.tableName);
  }

  /** Lets a function have key pairs for this algorithm made and wrapped. */
  grantWrap(to: LambdaFunction, { wrapped }: SigningAlgorithm): void {
    const spec = { 'kms:DataKeyPairSpec': wrapped?.KeyPairSpec };
    this.#grant(to, 'kms:GenerateDataKeyPairWithoutPlaintext', spec);
  }

  /** Lets a function have private keys unwrapped. */
  grantUnwrap(to: LambdaFunction): void {
    this.#grant(to, 'kms:Decrypt');
  }

  #grant(to: LambdaFunction, action: string, special = {}): void {
    const conditions = { StringEquals: { ...contextOf(this.#registry), ...special } };
    to.addToRolePolicy(
      new PolicyStatement({ actions: [action], resources: [this.keyArn], conditions }),
    );
    this.addToResourcePolicy(ofAccount([action], { ...askedBy(roleOf(to)), ...conditions }));
  }
}

/** What IAM policies of the account may allow with the key. */
const ofAccount = (actions: string[], conditions = {}): PolicyStatement =>
  new PolicyStatement({
    principals: [new AccountRootPrincipal()],
    actions,
    resources: ['*'],
    conditions,
  });
