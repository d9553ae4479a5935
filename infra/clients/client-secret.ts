import type { CustomResource } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../settings/acknowledgement.ts';
import { type Rotation, rotate } from './secret-rotation.ts';

/**
 * The secret in Secrets Manager that keeps a client's secret. The template gives it no value: the administration
 * function puts one there, and its role is let in by the secret's own policy.
 */
export class ClientSecret extends Construct {
  readonly arn: string;
  readonly #secret: CfnSecret;
  readonly #policy: CfnResourcePolicy;

  constructor(scope: Construct, id: string, { roleArn }: { readonly roleArn: string }) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Resource', {
      description: `Countersign: the client secret of ${scope.node.path}`,
    });
    acknowledge(secret, rotatedOnDemand);
    this.#secret = secret;
    this.arn = secret.ref;
    this.#policy = new CfnResourcePolicy(this, 'Policy', {
      secretId: secret.ref,
      blockPublicPolicy: true,
      resourcePolicy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            principals: [new ArnPrincipal(roleArn)],
            actions: [
              'secretsmanager:DescribeSecret',
              'secretsmanager:GetSecretValue',
              'secretsmanager:PutSecretValue',
              'secretsmanager:UpdateSecretVersionStage',
            ],
            // In a policy of a secret that is the secret itself.
            resources: ['*'],
          }),
        ],
      }),
    });
  }

  /** Has a registration wait until its function is let in. */
  comesBefore(registration: CustomResource): void {
    registration.node.addDependency(this.#policy);
  }

  /** Has the secret change by itself, once it has been put there. */
  rotate(rotation: Omit<Rotation, 'secret'>): void {
    rotate({ ...rotation, secret: this.#secret });
  }
}

const rotatedOnDemand = {
  id: 'AwsSolutions-SMG4',
  reason: 'The value is made by the server of which it is a client, and not by a schedule alone.',
};
