import { CustomResource, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AuthorizationServerBase } from '../server/server-base.ts';
import type { IAuthorizationServer } from '../server/server-interface.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';

/** What is registered by a deployment. */
interface RegisteredResourceProps {
  readonly type: 'Custom::CountersignClient' | 'Custom::CountersignResourceServer';
  readonly server: IAuthorizationServer;
  /** A record as registry/declared has it. */
  readonly declared: object;
  readonly takeOver: boolean | undefined;
  readonly secretArn?: string;
}

/**
 * Has CloudFormation ask the server to register something. The function answers by itself, and Lambda brings it a
 * request again for six minutes at most.
 */
export const registeredResource = (
  scope: Construct,
  { type, server, declared, takeOver, secretArn }: RegisteredResourceProps,
): CustomResource =>
  new CustomResource(scope, 'Registration', {
    resourceType: type,
    serviceToken: administrationOf(server).functionArn,
    serviceTimeout: Duration.minutes(10),
    properties: {
      // Not Stack.toJsonString, which takes no token in the name of a member: that of a grant may be one.
      Declaration: JSON.stringify(declared),
      ...(secretArn !== undefined && { SecretArn: secretArn }),
      ...(takeOver && { TakeOver: 'true' }),
    },
  });

/**
 * What administers the clients of a server.
 * @throws ConfigurationError when it is not known
 */
export function administrationOf(server: IAuthorizationServer) {
  // By what it can do, not by its class: another copy of this package may have made it.
  const { _administration: administration }: Partial<AuthorizationServerBase> = Object(server);
  if (administration) return administration.call(server as AuthorizationServerBase);
  throw new ConfigurationError(
    `"${server.node.path}" is none of the servers of this copy of countersign: import it by fromStackOutputs().`,
  );
}
