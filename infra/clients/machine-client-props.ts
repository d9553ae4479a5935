import type { Duration } from 'aws-cdk-lib';
import type { IAuthorizationServer } from '../server/server-interface.ts';
import type { ClientWays } from './client-way.ts';
import type { ClientGrant, IResourceServer } from './resource-server.ts';
import type { SecretRotationProps } from './secret-rotation.ts';

/**
 * Who a client is, how it authenticates, and what it may do. It has a secret, unless one of the ways without is named.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, type MachineClientProps, ResourceServer } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * const server = new AuthorizationServer(stack, 'AuthorizationServer');
 * const orders = ResourceServer.fromIdentifier(stack, 'Orders', 'https://orders.example.com');
 * const props: MachineClientProps = {
 *   server,
 *   grants: [orders.grant('orders:read')],
 *   github: 'octo-org/app@main',
 * };
 */
export interface MachineClientProps extends ClientWays, SecretRotationProps {
  /** Whose access tokens it gets. */
  readonly server: IAuthorizationServer;
  /**
   * What it may do, at each API once: `orders.grant('orders:read')`.
   * @default nothing, so that it gets no tokens
   */
  readonly grants?: ClientGrant[];
  /**
   * Its client_id. Another one is another client, with another secret.
   * @default made of the names of the stack and of the construct
   */
  readonly clientId?: string;
  /**
   * Its name for people.
   * @default the path of the construct
   */
  readonly clientName?: string;
  /**
   * How it authenticates, by RFC 7591's names: `client_secret_post`; with `jwks` or `jwksUri` and certificates that
   * nobody has issued `self_signed_tls_client_auth`.
   * @default `client_secret_basic`, or what the way without a secret goes by
   */
  readonly tokenEndpointAuthMethod?: string;
  /**
   * Whether its assertions must name the issuer, and nothing else, as the audience.
   * @default false
   */
  readonly strictAssertionAudience?: boolean;
  /**
   * How long its tokens live.
   * @default that of the resource server
   */
  readonly accessTokenLifetime?: Duration;
  /**
   * Claims that its tokens have, too: each any JSON value.
   * @default none
   */
  readonly claims?: Record<string, unknown>;
  /**
   * Whether all its tokens are bound to a DPoP key (RFC 9449).
   * @default false
   */
  readonly dpopBoundAccessTokens?: boolean;
  /**
   * Whether all its tokens are bound to its certificate (RFC 8705).
   * @default false
   */
  readonly certificateBoundAccessTokens?: boolean;
  /**
   * The APIs whose tokens it may introspect (RFC 7662).
   * @default none
   */
  readonly introspects?: IResourceServer[];
  /**
   * Whether it is taken from whoever has registered it: somebody by hand, or another stack.
   * @default false
   */
  readonly takeOver?: boolean;
}
