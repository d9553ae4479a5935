import { Aws, Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AdministrationEnvironment } from '../../functions/administration/environment.ts';
import { answerKey } from '../../functions/aws/dynamodb-answers.ts';
import { NodeFunction } from '../node-function.ts';
import { acknowledge } from '../settings/acknowledgement.ts';
import { registeredKeys } from './registered-keys.ts';
import { revocationsAccess } from './revocations-access.ts';
import { SecretsExpiring } from './secrets-expiring.ts';

/** What clients and resource servers are administered with. */
export interface AdministrationFunctionProps {
  readonly issuer: string;
  readonly mtlsOrigin: string | undefined;
  readonly registry: ITable;
  readonly ephemera: ITable;
  readonly revocations: ITable;
  /** How long before the end of a client's last secret that is counted. */
  readonly expiryWarning: Duration;
  /** What its metrics are told apart by. */
  readonly deployment: string;
  /** @default nowhere: its alarm can be seen in CloudWatch alone */
  readonly alarmTopic?: ITopic | undefined;
}

/**
 * The function that changes clients and resource servers for CloudFormation, rotates their secrets for Secrets
 * Manager, and counts those that end. Whoever may invoke it may do so: it is
 * invoked by those who deploy. Secrets that it keeps let its role in by their own policies.
 */
export class AdministrationFunction extends NodeFunction {
  /** Goes off when the last secret of a client ends soon. */
  readonly secretsExpiringAlarm: Alarm;

  constructor(scope: Construct, id: string, props: AdministrationFunctionProps) {
    const { issuer, mtlsOrigin = 'none', registry, ephemera, revocations } = props;
    const { expiryWarning, deployment } = props;
    super(scope, id, {
      description: 'Countersign: clients and resource servers of stacks',
      entry: 'administration/index',
      // The permissions of a deployment take effect late, and nobody waits.
      timeout: Duration.seconds(120),
      environment: {
        ISSUER: issuer,
        MTLS_ORIGIN: mtlsOrigin,
        REGISTRY_TABLE: registry.tableName,
        EPHEMERA_TABLE: ephemera.tableName,
        REVOCATIONS_TABLE: revocations.tableName,
        EXPIRY_WARNING: String(expiryWarning.toSeconds()),
        DEPLOYMENT: deployment,
      } satisfies AdministrationEnvironment,
    });
    // A request that is older than that is given up: CloudFormation waits for ten minutes, and may have asked for
    // something else since.
    this.configureAsyncInvoke({ maxEventAge: Duration.minutes(6), retryAttempts: 2 });
    this.addToRolePolicy(
      onItems(registry, registeredKeys, [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        // A deletion is announced in the item first; see functions/aws/dynamodb-registry-store.ts.
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
      ]),
    );
    // A scan knows no keys beforehand, so that no condition can limit it to some.
    registry.grant(this, 'dynamodb:Scan');
    this.addToRolePolicy(revocationsAccess.revoke(revocations.tableArn));
    this.addToRolePolicy(
      onItems(ephemera, [answerKey('*')], ['dynamodb:GetItem', 'dynamodb:PutItem']),
    );
    this.#grantAskStacks();
    this.#grantRotation();
    this.secretsExpiringAlarm = new SecretsExpiring(this, 'SecretsExpiring', {
      ...{ function: this, deployment, warning: expiryWarning, alarmTopic: props.alarmTopic },
    }).alarm;
  }

  /** Any secret of this account may be rotated whose own policy lets the role in. */
  #grantRotation(): void {
    this.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: Aws.ACCOUNT_ID,
    });
  }

  /** Whether an update or a deletion is a roll-back; see functions/administration/registration/removal.ts. */
  #grantAskStacks(): void {
    const actions = ['cloudformation:DescribeStacks'];
    this.addToRolePolicy(new PolicyStatement({ actions, resources: [anyStack] }));
    if (this.role) acknowledge(this.role, stacksToCome);
  }
}

const onItems = (table: ITable, keys: readonly string[], actions: string[]): PolicyStatement =>
  new PolicyStatement({
    actions,
    resources: [table.tableArn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  });

// By pseudo parameters even where the stack knows their values: the acknowledgement has this text.
const anyStack = `arn:${Aws.PARTITION}:cloudformation:${Aws.REGION}:${Aws.ACCOUNT_ID}:stack/*`;

const stacksToCome = {
  id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/*]',
  reason:
    'Any stack of the account may have clients. How a stack stands is all that is read of it.',
};
