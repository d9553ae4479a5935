import { Aws, type CustomResource, Names, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { DeclaredClient } from '../../registry/declared/declaration.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';
import { ClientSecret } from './client-secret.ts';
import { secretlessMembers } from './client-way.ts';
import { checkDeclaredClient } from './declared-checks.ts';
import type { MachineClientProps } from './machine-client-props.ts';
import { administrationOf, registeredResource } from './registered-resource.ts';
import type { ClientGrant } from './resource-server.ts';
import { secretRotationSettings } from './secret-rotation.ts';

/**
 * Registers a client of an authorization server, in the stack of the server or in any other of its account and Region.
 * Unless a way without one is named it has a secret, which is in Secrets Manager and nowhere else. Removing it from
 * the stack disables it, revokes its tokens, and deletes it.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, MachineClient, ResourceServer } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Shop');
 * const server = AuthorizationServer.fromStackOutputs(stack, 'Server', { stackName: 'Countersign' });
 * const orders = ResourceServer.fromIdentifier(stack, 'Orders', 'https://orders.example.com');
 * new MachineClient(stack, 'Billing', { server, grants: [orders.grant('orders:read')] });
 */
export class MachineClient extends Construct {
  /** Its client_id, once it is registered. */
  readonly clientId: string;
  /**
   * What keeps its secret: JSON with `client_id`, `client_secret`, `token_endpoint`, and `scope` and `resource` of its
   * first grant.
   * @default it authenticates without a secret
   */
  readonly secret?: ISecret;
  readonly #registration: CustomResource;
  readonly #props: MachineClientProps;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: MachineClientProps) {
    super(checkSameCdk(scope), id);
    this.#props = props;
    const { server, takeOver } = props;
    const secretless = secretlessMembers(props);
    const settings = secretRotationSettings(props);
    if (secretless && settings) {
      throw new ConfigurationError(
        `"${this.node.path}" authenticates without a secret: leave secretRotation out.`,
      );
    }
    const declared = { ...declaredClient(this, props), ...secretless, ...methodOf(props) };
    checkDeclaredClient(declared, server.issuer);
    const type = 'Custom::CountersignClient';
    const registered = { type, server, name: declared.client_id, declared, takeOver } as const;
    if (secretless) {
      this.#registration = registeredResource(this, registered);
    } else {
      const { functionArn, roleArn } = administrationOf(server);
      const kept = new ClientSecret(this, 'Secret', { roleArn });
      this.secret = Secret.fromSecretCompleteArn(this, 'Kept', kept.arn);
      this.#registration = registeredResource(this, { ...registered, secretArn: kept.arn });
      kept.comesBefore(this.#registration);
      const registration = this.#registration;
      if (settings) kept.rotate({ functionArn, registration, settings });
    }
    this.clientId = this.#registration.ref;
  }

  /**
   * Lets somebody read its secret.
   * @param grantee such as a function that gets tokens by it
   * @throws ConfigurationError when it has none.
   */
  grantReadSecret(grantee: IGrantable): Grant {
    if (this.secret) return this.secret.grantRead(grantee);
    throw new ConfigurationError(`"${this.node.path}" authenticates without a secret.`);
  }

  /**
   * Lets its role get what it shows here: tokens of AWS STS that are made out to this server alone.
   * @throws ConfigurationError when it authenticates in another way than by `iamRole`.
   */
  grantGetIdentityToken(): Grant {
    const { iamRole, server } = this.#props;
    if (!iamRole) throw new ConfigurationError(`"${this.node.path}" has no iamRole.`);
    return Grant.addToPrincipal({
      grantee: iamRole,
      actions: ['sts:GetWebIdentityToken'],
      // The action takes no resource.
      resourceArns: ['*'],
      conditions: {
        'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': server.issuer },
        Null: { 'sts:IdentityTokenAudience': 'false' },
      },
    });
  }
}

const declaredClient = (of: MachineClient, props: MachineClientProps): DeclaredClient => ({
  client_id: props.clientId ?? nameOf(of),
  client_name: props.clientName ?? of.node.path.slice(-128),
  grants: grantsOf(props.grants ?? []),
  access_token_lifetime: props.accessTokenLifetime?.toSeconds(),
  claims: props.claims as DeclaredClient['claims'],
  dpop_bound_access_tokens: props.dpopBoundAccessTokens,
  tls_client_certificate_bound_access_tokens: props.certificateBoundAccessTokens,
  introspection_resources: props.introspects?.map(({ identifier }) => identifier),
  strict_assertion_audience: props.strictAssertionAudience,
});

/** It is looked at with the rest of the record. */
const methodOf = ({ tokenEndpointAuthMethod: method }: MachineClientProps) =>
  method !== undefined && {
    token_endpoint_auth_method: method as DeclaredClient['token_endpoint_auth_method'],
  };

/** A name that no other client of the account and Region has: a template is not for a stack of one name alone. */
function nameOf(construct: Construct): string {
  const stack = Stack.of(construct);
  const path = construct.node.path.slice(stack.node.path.length).replace(/^\//, '');
  const short = path.length <= 120 ? path : Names.uniqueResourceName(construct, { maxLength: 120 });
  return `${Aws.STACK_NAME}-${short.replaceAll('/', '-')}`;
}

function grantsOf(grants: readonly ClientGrant[]): Readonly<Record<string, string>> {
  const byResource = new Map<string, string>();
  for (const { resource, scopes } of grants) {
    if (byResource.has(resource)) {
      throw new ConfigurationError(
        `grants has two for ${resource}: name all scopes in one, as in grant('read', 'write').`,
      );
    }
    byResource.set(resource, scopes.join(' '));
  }
  return Object.fromEntries(byResource);
}
