import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  AuthorizationServer,
  type AuthorizationServerProps,
} from '../server/authorization-server.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';

/**
 * How a CountersignStack may differ from the default.
 *
 * @example
 * ```ts
 * import type { CountersignStackProps } from './countersign/infra/index.ts';
 *
 * const props: CountersignStackProps = {
 *   env: { region: 'eu-central-1' },
 *   alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:alarms',
 * };
 * ```
 */
export interface CountersignStackProps
  extends Omit<AuthorizationServerProps, 'alarmTopic' | 'issuerCertificate' | 'mtlsCertificate'>,
    StackProps {
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
}

/**
 * The authorization server as a stack; `npx countersign` finds it by these outputs.
 *
 * @example
 * ```ts
 * import { App } from 'aws-cdk-lib';
 * import { CountersignStack } from './countersign/infra/index.ts';
 *
 * new CountersignStack(new App(), 'Countersign', { strictClientSecretMethod: true });
 * ```
 */
export class CountersignStack extends Stack {
  readonly authorizationServer: AuthorizationServer;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: CountersignStackProps = {}) {
    super(checkSameCdk(scope), id, props);
    const server = new AuthorizationServer(this, 'AuthorizationServer', {
      ...props,
      ...this.#imported(props),
    });
    for (const [name, value] of Object.entries(outputsOf(server))) {
      if (value !== undefined) new CfnOutput(this, name, { value });
    }
    this.authorizationServer = server;
  }

  #imported({ alarmTopicArn, issuerCertificateArn, mtlsCertificateArn }: CountersignStackProps) {
    const certificate = (id: string, arn: string | undefined): ICertificate | undefined =>
      arn === undefined ? undefined : Certificate.fromCertificateArn(this, id, arn);
    return {
      alarmTopic:
        alarmTopicArn === undefined
          ? undefined
          : Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn),
      issuerCertificate: certificate('IssuerCertificate', issuerCertificateArn),
      mtlsCertificate: certificate('MtlsCertificate', mtlsCertificateArn),
    };
  }
}

/** What is undefined is no output. */
function outputsOf(server: AuthorizationServer): Readonly<Record<string, string | undefined>> {
  const { issuer, mtlsOrigin, issuerDomain, mtlsDomain } = server;
  return {
    Issuer: issuer,
    TokenEndpoint: `${issuer}/token`,
    MtlsTokenEndpoint: mtlsOrigin && `${mtlsOrigin}/token`,
    ApiEndpoint: server.apiEndpoint,
    IssuerDomainTarget: issuerDomain?.target,
    MtlsDomainTarget: mtlsDomain?.target,
    RegistryTable: server.registry.tableName,
    EphemeraTable: server.ephemera.tableName,
    KeyRotationFunction: server.keyRotation.function.functionName,
  };
}
