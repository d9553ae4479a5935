import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { registryKey } from '../../functions/aws/registry-items.ts';
import { endpointPaths } from '../../functions/oauth/endpoint-paths.ts';
import type { SecurityProfile } from '../settings/choices/security-profile.ts';
import type { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { grantHistory, onKeys } from './operator-access.ts';
import { registeredKeys } from './registered-keys.ts';
import { revocationsAccess } from './revocations-access.ts';
import type { IAuthorizationServer } from './server-interface.ts';

/** Of what permissions are granted. What is absent is not known of an imported server. */
interface ServerResources {
  readonly registryArn: string | undefined;
  readonly revocationsArn: string | undefined;
  readonly keyRotationArn: string | undefined;
  readonly ephemeraArn: string | undefined;
  readonly historyArn: string | undefined;
  readonly administrationArn: string | undefined;
  readonly administrationRoleArn: string | undefined;
  /** Where the tables are. */
  readonly region: string;
  /** For CloudFormation's own policies the id at the end of a stack's ARN is an asterisk. */
  readonly stackArn: string | undefined;
}

/**
 * What servers that are made and those that are imported have in common.
 * @internal
 */
export abstract class AuthorizationServerBase extends Construct implements IAuthorizationServer {
  abstract readonly issuer: string;
  abstract readonly mtlsOrigin?: string;
  abstract readonly revocationsTableName?: string;
  abstract readonly algorithms: SigningAlgorithm[];
  abstract readonly profile: SecurityProfile;

  /** @internal */
  abstract _resources(): ServerResources;

  /** Where clients get a token. */
  get tokenEndpoint(): string {
    return this.issuer + endpointPaths.token;
  }

  /** Where verifiers find the keys that tokens are signed with. */
  get jwksUri(): string {
    return `${this.issuer}/.well-known/jwks.json`;
  }

  /**
   * Lets somebody find the deployment and do all that `npx countersign` does with clients, resource servers and what is
   * taken back, and read the history. It opens every API: whoever has it can give a client any scope. Of an
   * imported server it is as much as its attributes name.
   * @param grantee such as the role of an operator or a pipeline
   * @throws ConfigurationError when this is an imported server of which no registry is known.
   */
  grantOperate(grantee: IGrantable): Grant {
    return this.#grantWrite(grantee, registeredKeys);
  }

  /**
   * Lets somebody find the deployment and register, change and delete clients and their secrets by `npx countersign
   * client`, and take back their tokens; resource servers can be read alone. It opens every API all the same: whoever
   * has it can give a client any scope that there is.
   * @param grantee such as the role of a pipeline
   * @throws ConfigurationError when this is an imported server of which no registry is known.
   */
  grantManageClients(grantee: IGrantable): Grant {
    return this.#grantWrite(grantee, [registryKey.client('*').pk]);
  }

  /**
   * Lets somebody find the deployment and read clients and resource servers, when they were last used, what was
   * taken back, and the history of all that: `npx countersign client list`, `show` and `history`. Of a secret the
   * registry has a hash alone.
   * @param grantee such as the role of an auditor
   * @throws ConfigurationError when this is an imported server of which no registry is known.
   */
  grantReadClients(grantee: IGrantable): Grant {
    return this.#grantRead(grantee).combine(this.#grantRevocations(grantee, 'lookUp'));
  }

  /**
   * Lets somebody find the deployment and list, rotate and revoke its signing keys: `npx countersign key`.
   * The keys themselves stay with the functions.
   * @param grantee such as the role of an operator
   * @throws ConfigurationError when this is an imported server of which no key rotation is known.
   */
  grantManageKeys(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.#known('keyRotationArn')],
    }).combine(this.#grantFind(grantee));
  }

  #grantWrite(grantee: IGrantable, keys: readonly string[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      resourceArns: [this.#known('registryArn')],
      conditions: onKeys(keys),
    })
      .combine(this.#grantRead(grantee))
      .combine(this.#grantRevocations(grantee, 'revoke'));
  }

  #grantRead(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:GetItem'],
      resourceArns: [this.#known('registryArn')],
      conditions: onKeys(registeredKeys),
    })
      .combine(this.#grantRevocations(grantee, 'read'))
      .combine(this.#grantList(grantee))
      .combine(grantHistory(grantee, this._resources()));
  }

  /** Of an imported server whose table is not known nothing is let. */
  #grantRevocations(grantee: IGrantable, access: keyof typeof revocationsAccess): Grant {
    const { revocationsArn } = this._resources();
    if (revocationsArn === undefined) return Grant.drop(grantee, 'the table is not known');
    const { actions, resources, conditions } = revocationsAccess[access](revocationsArn);
    return Grant.addToPrincipal({ grantee, actions, resourceArns: resources, conditions });
  }

  /** A scan knows no keys beforehand, so that no condition can limit it to some. */
  #grantList(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Scan'],
      resourceArns: [this.#known('registryArn')],
    }).combine(this.#grantFind(grantee));
  }

  /** The command line finds a deployment by the outputs of its stack. */
  #grantFind(grantee: IGrantable): Grant {
    const { stackArn } = this._resources();
    if (stackArn === undefined) return Grant.drop(grantee, 'the stack is not known');
    return Grant.addToPrincipal({
      grantee,
      actions: ['cloudformation:DescribeStacks'],
      resourceArns: [stackArn],
    });
  }

  /**
   * What makes clients and resource servers of other stacks.
   * @internal
   */
  _administration() {
    return {
      functionArn: this.#known('administrationArn'),
      roleArn: this.#known('administrationRoleArn'),
    };
  }

  #known(what: keyof typeof attributes): string {
    const arn = this._resources()[what];
    if (arn !== undefined) return arn;
    throw new ConfigurationError(
      `"${this.node.path}" is imported without its ${attributes[what]}: name it in the attributes.`,
    );
  }
}

const attributes = {
  registryArn: 'registryTableName',
  keyRotationArn: 'keyRotationFunctionName',
  administrationArn: 'administrationFunctionName',
  administrationRoleArn: 'administrationRoleArn',
} as const;
