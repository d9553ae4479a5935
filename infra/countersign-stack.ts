import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AuthorizationServer, type AuthorizationServerProps } from './authorization-server.ts';

/** The authorization server as a stack; `npx countersign` finds it by these outputs. */
export class CountersignStack extends Stack {
  readonly authorizationServer: AuthorizationServer;

  constructor(scope: Construct, id: string, props: AuthorizationServerProps & StackProps = {}) {
    super(scope, id, props);
    this.authorizationServer = new AuthorizationServer(this, 'AuthorizationServer', props);
    const { issuer, httpApi, registry, ephemera, signingKey } = this.authorizationServer;
    const outputs = {
      Issuer: issuer,
      TokenEndpoint: `${issuer}/token`,
      ApiEndpoint: httpApi.apiEndpoint,
      RegistryTable: registry.tableName,
      EphemeraTable: ephemera.tableName,
      SigningKeyId: signingKey.keyId,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
