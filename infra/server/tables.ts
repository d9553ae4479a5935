import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { nonceKey } from '../../functions/aws/dynamodb-nonce-keys.ts';
import { usedKey } from '../../functions/aws/dynamodb-replay-guard.ts';
import { revocationsTable } from '../../functions/aws/revocations-table.ts';

// TableV2 rather than Table: the registry is kept for good, and a TableV2 can be given replicas in
// other Regions one day without being replaced.
const onDemand = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  billing: Billing.onDemand(),
};

/**
 * Clients, resource servers and the key ring. It can be restored, and outlives its stack. Its stream tells of each
 * change.
 */
export class RegistryTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      ...onDemand,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

/**
 * What expires by itself: what was used once, attempts that failed, keys of nonces. There is nothing
 * to restore, and it goes with its stack.
 */
export class EphemeraTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      ...onDemand,
      timeToLiveAttribute: 'expires_at',
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Lets a function read the keys of nonces, and no other item. */
  grantReadNonceKeys(to: LambdaFunction): void {
    to.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem'],
        resources: [this.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [nonceKey('*')] } },
      }),
    );
  }

  /** Lets a function give back what it has used up, and delete no other item. */
  grantGiveBack(to: LambdaFunction): void {
    to.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:DeleteItem'],
        resources: [this.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [usedKey('*')] } },
      }),
    );
  }
}

/**
 * What was taken back before it expired, and the count of tokens. It goes with its stack, whose keys nobody can
 * verify then: what is lost is only what tokens without an issuer were refused for. Nothing protects it from being
 * deleted by hand, since then the stack could not be deleted either. Without it no list is published,
 * and authorizers refuse what they cannot know about.
 */
export class RevocationsTable extends TableV2 {
  constructor(scope: Construct, id: string) {
    const { byTime, revokedAt, expiresAt } = revocationsTable;
    super(scope, id, {
      ...onDemand,
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: expiresAt,
      localSecondaryIndexes: [
        { indexName: byTime, sortKey: { name: revokedAt, type: AttributeType.NUMBER } },
      ],
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
