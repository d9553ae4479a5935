import { type Duration, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import {
  isResourceIdentifier,
  registeredIdentifier,
} from '../../functions/oauth/resource-server.ts';
import type { IAuthorizationServer } from '../server/server-interface.ts';
import { ConfigurationError, wrongValue } from '../settings/configuration-error.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';
import { checkDeclaredResourceServer } from './declared-checks.ts';
import { registeredResource } from './registered-resource.ts';

/**
 * What a client may do at an API.
 *
 * @example
 * import type { ClientGrant } from 'countersign';
 *
 * const grant: ClientGrant = { resource: 'https://orders.example.com', scopes: ['orders:read'] };
 */
export interface ClientGrant {
  /** The identifier of the API. */
  readonly resource: string;
  /** What it may do there; none: its tokens have no scope. */
  readonly scopes: string[];
}

/**
 * An API that takes access tokens.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { type IResourceServer, ResourceServer } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Shop');
 * const orders: IResourceServer = ResourceServer.fromIdentifier(stack, 'Orders', 'https://orders.example.com');
 */
export interface IResourceServer extends IConstruct {
  /** Its identifier, which is the audience of tokens for it. */
  readonly identifier: string;
  /**
   * What a client may do there.
   * @param scopes some of its scopes; none: tokens without scope
   * @throws ConfigurationError when it has no such scope.
   */
  grant(...scopes: string[]): ClientGrant;
}

/**
 * Which API takes access tokens, and what clients may do there.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, type ResourceServerProps } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * const props: ResourceServerProps = {
 *   server: new AuthorizationServer(stack, 'AuthorizationServer'),
 *   identifier: 'https://orders.example.com',
 *   scopes: ['orders:read', 'orders:write'],
 * };
 */
export interface ResourceServerProps {
  /** Whose access tokens it takes. */
  readonly server: IAuthorizationServer;
  /** Its identifier, an absolute URI (RFC 8707 §2): the audience of tokens for it. Another one is another API. */
  readonly identifier: string;
  /** What clients may be granted there. */
  readonly scopes: string[];
  /**
   * How long tokens for it live.
   * @default that of the server
   */
  readonly accessTokenLifetime?: Duration;
  /**
   * Claims that tokens for it have, too: each any JSON value.
   * @default none
   */
  readonly claims?: Record<string, unknown>;
  /**
   * Whether it is taken from whoever has registered it: somebody by hand, or another stack.
   * @default false
   */
  readonly takeOver?: boolean;
}

/**
 * Registers an API at an authorization server, in the stack of the server or in any other of its account and Region.
 * Removing it from the stack takes it away, unless clients of others have grants for it.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, ResourceServer } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * const server = new AuthorizationServer(stack, 'AuthorizationServer');
 * new ResourceServer(stack, 'Orders', {
 *   server,
 *   identifier: 'https://orders.example.com',
 *   scopes: ['orders:read', 'orders:write'],
 * });
 */
export class ResourceServer extends Construct implements IResourceServer {
  /**
   * Names an API that is registered elsewhere.
   * @param scope what it is for
   * @param id its id there
   * @param identifier its identifier
   * @throws ConfigurationError when that is none.
   */
  static fromIdentifier(scope: Construct, id: string, identifier: string): IResourceServer {
    return new ImportedResourceServer(checkSameCdk(scope), id, identifier);
  }

  /** Its identifier, which is the audience of tokens for it. */
  readonly identifier: string;
  readonly #scopes: readonly string[];
  readonly #registered: string;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: ResourceServerProps) {
    super(checkSameCdk(scope), id);
    const { server, scopes, accessTokenLifetime, claims, takeOver } = props;
    this.identifier = checkedIdentifier(props.identifier);
    this.#scopes = scopes;
    const declared = {
      resource: this.identifier,
      scope: scopes.join(' '),
      access_token_lifetime: accessTokenLifetime?.toSeconds(),
      claims,
    };
    checkDeclaredResourceServer(declared);
    const type = 'Custom::CountersignResourceServer';
    this.#registered = registeredResource(this, {
      ...{ type, server, declared, takeOver },
      name: this.identifier,
    }).ref;
  }

  /**
   * What a client may do there. A client that has it is registered after this.
   * @param scopes some of its scopes; none: tokens without scope
   * @throws ConfigurationError when it has no such scope.
   */
  grant(...scopes: string[]): ClientGrant {
    const unknown = scopes.find((scope) => !this.#scopes.includes(scope));
    if (unknown === undefined) return { resource: this.#registered, scopes };
    throw new ConfigurationError(
      `"${this.node.path}" has no scope ${unknown}: it is one of ${this.#scopes.join(', ')}, or has to be added there.`,
    );
  }
}

class ImportedResourceServer extends Construct implements IResourceServer {
  readonly identifier: string;

  constructor(scope: Construct, id: string, identifier: string) {
    super(scope, id);
    this.identifier = checkedIdentifier(identifier);
  }

  grant(...scopes: string[]): ClientGrant {
    return { resource: this.identifier, scopes };
  }
}

function checkedIdentifier(identifier: string): string {
  if (Token.isUnresolved(identifier)) return identifier;
  if (isResourceIdentifier(identifier)) return registeredIdentifier(identifier);
  throw wrongValue('identifier', identifier, 'must be an absolute URI without a fragment');
}
