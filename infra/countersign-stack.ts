import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AuthorizationServer, type AuthorizationServerProps } from './authorization-server.ts';

/** How a CountersignStack may differ from the default. */
export interface CountersignStackProps
  extends Omit<AuthorizationServerProps, 'alarmTopic'>,
    StackProps {
  /**
   * ARN of the SNS topic, in the Region of the stack, that hears of it when the key rotation fails
   * or is late.
   * @default none
   */
  readonly alarmTopicArn?: string;
}

/** The authorization server as a stack; `npx countersign` finds it by these outputs. */
export class CountersignStack extends Stack {
  readonly authorizationServer: AuthorizationServer;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: CountersignStackProps = {}) {
    super(scope, id, props);
    const { alarmTopicArn: arn } = props;
    const alarmTopic = arn === undefined ? undefined : Topic.fromTopicArn(this, 'AlarmTopic', arn);
    const server = new AuthorizationServer(this, 'AuthorizationServer', { ...props, alarmTopic });
    const { issuer, httpApi, registry, ephemera, keyRotation } = server;
    const outputs = {
      Issuer: issuer,
      TokenEndpoint: `${issuer}/token`,
      ApiEndpoint: httpApi.apiEndpoint,
      RegistryTable: registry.tableName,
      EphemeraTable: ephemera.tableName,
      KeyRotationFunction: keyRotation.function.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
    this.authorizationServer = server;
  }
}
