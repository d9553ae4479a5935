import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

// TableV2 rather than Table: the registry is kept for good, and a TableV2 can be given replicas in
// other Regions one day without being replaced.
const onDemand = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  billing: Billing.onDemand(),
};

/** The table of clients and resource servers: it can be restored, and outlives its stack. */
export function registryTable(scope: Construct, id: string): TableV2 {
  return new TableV2(scope, id, {
    ...onDemand,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** The table of what expires by itself: nothing to restore, gone with its stack. */
export function ephemeraTable(scope: Construct, id: string): TableV2 {
  return new TableV2(scope, id, {
    ...onDemand,
    timeToLiveAttribute: 'expires_at',
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
