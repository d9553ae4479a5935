import { ArnFormat, Fn, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { profileName, SecurityProfile } from '../settings/choices/security-profile.ts';
import type { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { checkIssuer, checkMtlsOrigin } from '../settings/setting-checks.ts';
import { defaultAlgorithms } from '../settings/signing-settings.ts';
import { AuthorizationServerBase } from './server-base.ts';
import { type OutputName, outputKey } from './server-outputs.ts';

/**
 * What an app knows of an authorization server that is elsewhere.
 *
 * @example
 * import type { AuthorizationServerAttributes } from 'countersign';
 *
 * const attributes: AuthorizationServerAttributes = { issuer: 'https://auth.example.com' };
 */
export interface AuthorizationServerAttributes {
  /** The issuer identifier, to the byte. */
  readonly issuer: string;
  /**
   * The origin at which clients show a certificate.
   * @default there is none, or nobody here needs it
   */
  readonly mtlsOrigin?: string;
  /**
   * What its access tokens may be signed with.
   * @default SigningAlgorithm.RS256 alone, or PS256 under the profile FAPI2
   */
  readonly algorithms?: SigningAlgorithm[];
  /**
   * What it demands of its clients.
   * @default SecurityProfile.NONE
   */
  readonly profile?: SecurityProfile;
  /**
   * The name of its registry table: its output `RegistryTable`.
   * @default nobody can be let in to register clients
   */
  readonly registryTableName?: string;
  /**
   * The name of its table of what was taken back: its output `RevocationsTable`.
   * @default no authorizer can read it, and who is let in to register clients cannot take tokens back
   */
  readonly revocationsTableName?: string;
  /**
   * The name of the function that rotates its keys: its output `KeyRotationFunction`.
   * @default nobody can be let in to rotate keys
   */
  readonly keyRotationFunctionName?: string;
  /**
   * The name of its table of what expires by itself: its output `EphemeraTable`.
   * @default nobody can be let in to read when clients were last used
   */
  readonly ephemeraTableName?: string;
  /**
   * The name of the log group of its history: its output `HistoryLogGroup`.
   * @default nobody can be let in to read it
   */
  readonly historyLogGroupName?: string;
  /**
   * The name of the function that administers its clients: its output `AdministrationFunction`.
   * @default no MachineClient or ResourceServer can be made
   */
  readonly administrationFunctionName?: string;
  /**
   * The ARN of that function's role, which has to be let into the secrets of clients: its output
   * `AdministrationRole`.
   * @default no MachineClient or ResourceServer can be made
   */
  readonly administrationRoleArn?: string;
  /**
   * The name of the stack that it is in, by whose outputs the command line finds it.
   * @default those who are let in have to be allowed to find it by other means
   */
  readonly stackName?: string;
  /**
   * The Region that it is in.
   * @default that of the stack that imports it
   */
  readonly region?: string;
}

/**
 * Which stack an authorization server is in, and what its outputs do not tell.
 *
 * @example
 * import { type AuthorizationServerStackOptions, SigningAlgorithm } from 'countersign';
 *
 * const options: AuthorizationServerStackOptions = {
 *   stackName: 'Countersign',
 *   algorithms: [SigningAlgorithm.ES256],
 * };
 */
export interface AuthorizationServerStackOptions {
  /** The name of the stack, in the account of the one that imports it. */
  readonly stackName: string;
  /**
   * The path of the AuthorizationServer below its stack, as the descriptions of the outputs have it:
   * `Tokens` for `new AuthorizationServer(stack, 'Tokens')`.
   * @default the stack is a CountersignStack
   */
  readonly constructPath?: string;
  /**
   * The Region of the stack.
   * @default that of the stack that imports it
   */
  readonly region?: string;
  /**
   * What its access tokens may be signed with.
   * @default SigningAlgorithm.RS256 alone, or PS256 under the profile FAPI2
   */
  readonly algorithms?: SigningAlgorithm[];
  /**
   * What it demands of its clients.
   * @default SecurityProfile.NONE
   */
  readonly profile?: SecurityProfile;
}

/** An authorization server that is elsewhere. */
export class ImportedServer extends AuthorizationServerBase {
  readonly issuer: string;
  readonly mtlsOrigin?: string;
  readonly revocationsTableName?: string;
  readonly algorithms: SigningAlgorithm[];
  readonly profile: SecurityProfile;
  readonly #attributes: AuthorizationServerAttributes;

  /** @throws ConfigurationError when an attribute is wrong. */
  constructor(scope: Construct, id: string, attributes: AuthorizationServerAttributes) {
    super(scope, id);
    const { issuer, mtlsOrigin, profile = SecurityProfile.NONE } = attributes;
    const { algorithms = [defaultAlgorithms[profileName(profile)]] } = attributes;
    this.#attributes = attributes;
    this.issuer = Token.isUnresolved(issuer) ? issuer : checkIssuer(issuer, 'issuer');
    this.mtlsOrigin =
      mtlsOrigin === undefined || Token.isUnresolved(mtlsOrigin)
        ? mtlsOrigin
        : checkMtlsOrigin(mtlsOrigin, 'mtlsOrigin');
    this.revocationsTableName = attributes.revocationsTableName;
    this.algorithms = algorithms;
    this.profile = profile;
  }

  /** @internal */
  _resources() {
    const { registryTableName, revocationsTableName, stackName, region } = this.#attributes;
    const { keyRotationFunctionName, administrationFunctionName, administrationRoleArn } =
      this.#attributes;
    const { historyLogGroupName: logGroup } = this.#attributes;
    const arn = (service: string, resource: string, resourceName: string | undefined) =>
      resourceName &&
      Stack.of(this).formatArn({
        service,
        resource,
        resourceName,
        region,
        arnFormat: arnFormats[resource],
      });
    return {
      registryArn: arn('dynamodb', 'table', registryTableName),
      revocationsArn: arn('dynamodb', 'table', revocationsTableName),
      keyRotationArn: arn('lambda', 'function', keyRotationFunctionName),
      ephemeraArn: arn('dynamodb', 'table', this.#attributes.ephemeraTableName),
      historyArn: arn('logs', 'log-group', logGroup && `${logGroup}:*`),
      administrationArn: arn('lambda', 'function', administrationFunctionName),
      administrationRoleArn,
      region: region ?? Stack.of(this).region,
      stackArn: arn('cloudformation', 'stack', stackName && `${stackName}/*`),
    };
  }
}

const arnFormats: Readonly<Record<string, ArnFormat>> = {
  function: ArnFormat.COLON_RESOURCE_NAME,
  'log-group': ArnFormat.COLON_RESOURCE_NAME,
};

/** Reads what the outputs of a stack tell of an authorization server, at the deployment. */
export function stackOutputs({
  stackName,
  constructPath,
  region,
  ...untold
}: AuthorizationServerStackOptions): AuthorizationServerAttributes {
  // The CDK has it for less than a year.
  if (!('getStackOutput' in Fn)) throw new ConfigurationError(tooOld);
  const output = (name: OutputName): string => {
    const key = constructPath === undefined ? name : outputKey(constructPath, name);
    return Fn.getStackOutput(stackName, key, region);
  };
  return {
    ...untold,
    stackName,
    region,
    issuer: output('Issuer'),
    registryTableName: output('RegistryTable'),
    revocationsTableName: output('RevocationsTable'),
    keyRotationFunctionName: output('KeyRotationFunction'),
    ephemeraTableName: output('EphemeraTable'),
    historyLogGroupName: output('HistoryLogGroup'),
    administrationFunctionName: output('AdministrationFunction'),
    administrationRoleArn: output('AdministrationRole'),
  };
}

const tooOld =
  'fromStackOutputs() needs a newer aws-cdk-lib, which has Fn.getStackOutput: update it, or take fromAttributes().';
