import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { SecurityProfile } from '../settings/choices/security-profile.ts';
import type { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';

/**
 * An authorization server that is made in this app, or one that is elsewhere.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, type IAuthorizationServer } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Orders');
 * const server: IAuthorizationServer = AuthorizationServer.fromStackOutputs(stack, 'Server', {
 *   stackName: 'Countersign',
 * });
 */
export interface IAuthorizationServer extends IConstruct {
  /** The issuer identifier, without a trailing slash. */
  readonly issuer: string;
  /** Where clients get a token. */
  readonly tokenEndpoint: string;
  /** Where verifiers find the keys that tokens are signed with. */
  readonly jwksUri: string;
  /**
   * The origin at which clients show a certificate.
   * @default there is none, or it is not known
   */
  readonly mtlsOrigin?: string;
  /**
   * The name of its table of what was taken back before it expired.
   * @default it is not known
   */
  readonly revocationsTableName?: string;
  /** What its access tokens may be signed with, now or after a change that its settings foresee. */
  readonly algorithms: SigningAlgorithm[];
  /** What it demands of its clients beyond what the standards do. */
  readonly profile: SecurityProfile;

  /**
   * Lets somebody find the deployment and do all that `npx countersign` does with clients, resource servers and what is
   * taken back, and read the history. It opens every API: whoever has it can give a client any scope. Of an
   * imported server it is as much as its attributes name.
   * @param grantee such as the role of an operator or a pipeline
   * @throws ConfigurationError when this is an imported server of which no registry is known.
   */
  grantOperate(grantee: IGrantable): Grant;
  /**
   * Lets somebody find the deployment and register, change and delete clients and their secrets by `npx countersign
   * client`, and take back their tokens; resource servers can be read alone. It opens every API all the same: whoever
   * has it can give a client any scope that there is.
   * @param grantee such as the role of a pipeline
   * @throws ConfigurationError when this is an imported server of which no registry is known.
   */
  grantManageClients(grantee: IGrantable): Grant;
  /**
   * Lets somebody find the deployment and read clients and resource servers, when they were last used, what was
   * taken back, and the history of all that: `npx countersign client list`, `show` and `history`. Of a secret the
   * registry has a hash alone.
   * @param grantee such as the role of an auditor
   * @throws ConfigurationError when this is an imported server of which no registry is known.
   */
  grantReadClients(grantee: IGrantable): Grant;
  /**
   * Lets somebody find the deployment and list, rotate and revoke its signing keys: `npx countersign key`.
   * The keys themselves stay with the functions.
   * @param grantee such as the role of an operator
   * @throws ConfigurationError when this is an imported server of which no key rotation is known.
   */
  grantManageKeys(grantee: IGrantable): Grant;
}
