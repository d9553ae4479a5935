import { Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AuthorizationServer } from '../server/authorization-server.ts';
import type { AuthorizationServerOptions } from '../server/authorization-server-props.ts';
import { usePlainKeys } from '../server/server-outputs.ts';
import { checkTableStreamArn } from '../settings/aws-setting-checks.ts';
import { checkTogether } from '../settings/domain-settings.ts';
import { tableArnOf } from '../settings/registry-settings.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';

/**
 * How a CountersignStack may differ from the default.
 *
 * @example
 * import type { CountersignStackProps } from 'countersign';
 *
 * const props: CountersignStackProps = {
 *   env: { region: 'eu-central-1' },
 *   alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:alarms',
 * };
 */
export interface CountersignStackProps extends AuthorizationServerOptions, StackProps {
  /**
   * ARN of the SNS topic, in the Region of the stack, that hears of it when the key rotation fails
   * or is late.
   * @default none
   */
  readonly alarmTopicArn?: string;
  /**
   * ARN of AuthorizationServer's `issuerCertificate`.
   * @default none
   */
  readonly issuerCertificateArn?: string;
  /**
   * ARN of AuthorizationServer's `mtlsCertificate`.
   * @default none
   */
  readonly mtlsCertificateArn?: string;
  /**
   * ARN of the stream of AuthorizationServer's `registryTable`, by which the table is known, too. `countersign adopt`
   * tells it.
   * @default a table is made, which is empty
   */
  readonly registryTableStreamArn?: string;
}

/**
 * The authorization server as a stack. `npx countersign` finds it by its outputs, whose keys are their plain names.
 *
 * @example
 * import { App } from 'aws-cdk-lib';
 * import { CountersignStack } from 'countersign';
 *
 * new CountersignStack(new App(), 'Countersign', { strictClientSecretMethod: true });
 */
export class CountersignStack extends Stack {
  /** What the stack consists of. */
  readonly authorizationServer: AuthorizationServer;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: CountersignStackProps = {}) {
    super(checkSameCdk(scope), id, props);
    const { issuerCertificateArn: issuerCertificate, mtlsCertificateArn: mtlsCertificate } = props;
    checkTogether({ ...props, issuerCertificate, mtlsCertificate }, (name) => `${name}Arn`);
    const server = new AuthorizationServer(this, 'AuthorizationServer', {
      ...props,
      ...this.#imported(props),
    });
    usePlainKeys(server);
    this.authorizationServer = server;
  }

  #imported({
    alarmTopicArn,
    issuerCertificateArn,
    mtlsCertificateArn,
    registryTableStreamArn,
  }: CountersignStackProps) {
    const certificate = (id: string, arn: string | undefined): ICertificate | undefined =>
      arn === undefined ? undefined : Certificate.fromCertificateArn(this, id, arn);
    return {
      alarmTopic:
        alarmTopicArn === undefined
          ? undefined
          : Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn),
      issuerCertificate: certificate('IssuerCertificate', issuerCertificateArn),
      mtlsCertificate: certificate('MtlsCertificate', mtlsCertificateArn),
      registryTable:
        registryTableStreamArn === undefined ? undefined : this.#table(registryTableStreamArn),
    };
  }

  #table(streamArn: string): ITable {
    const tableStreamArn = checkTableStreamArn(streamArn, 'registryTableStreamArn');
    const tableArn = tableArnOf(tableStreamArn);
    return TableV2.fromTableAttributes(this, 'RegistryTable', { tableArn, tableStreamArn });
  }
}
