import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AuthorizationServerBase } from '../server/server-base.ts';
import type { IAuthorizationServer } from '../server/server-interface.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';

/** What is registered by a deployment. */
interface RegisteredResourceProps {
  readonly type: 'Custom::CountersignClient' | 'Custom::CountersignResourceServer';
  readonly server: IAuthorizationServer;
  /** The client_id, or the identifier of the resource server. */
  readonly name: string;
  /** A record as registry/declared has it. */
  readonly declared: object;
  readonly takeOver: boolean | undefined;
  readonly secretArn?: string;
}

/**
 * Has CloudFormation ask the server to register something. The function answers by itself, and Lambda brings it a
 * request again for six minutes at most.
 * @throws ConfigurationError when another construct of the stack registers the same
 */
export function registeredResource(
  scope: Construct,
  { type, server, name, declared, takeOver, secretArn }: RegisteredResourceProps,
): CustomResource {
  checkOnce(scope, server, `${type} ${name}`);
  return new CustomResource(scope, 'Registration', {
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
}

/** Of each stack, what is registered: by which server, as what, and by which construct. */
const registrations = new WeakMap<Stack, Map<string, string>>();

/**
 * Of two constructs of one stack each would take the other's record from it, and delete it with itself.
 * @throws ConfigurationError
 */
function checkOnce(scope: Construct, server: IAuthorizationServer, what: string): void {
  const stack = Stack.of(scope);
  const registered = registrations.get(stack) ?? new Map<string, string>();
  registrations.set(stack, registered);
  const key = `${server.node.path} ${what}`;
  const other = registered.get(key);
  if (other !== undefined) {
    throw new ConfigurationError(
      `"${scope.node.path}" registers what "${other}" registers already: give it another clientId or identifier.`,
    );
  }
  registered.set(key, scope.node.path);
}

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
