import { type CfnResource, Fn, type IResolvable } from 'aws-cdk-lib';
import type { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IConstruct } from 'constructs';
import type { ClientEndpointEnvironment } from '../../functions/authentication/environment.ts';
import type { KeyRotationEnvironment } from '../../functions/key-rotation/environment.ts';
import { endpointPaths } from '../../functions/oauth/endpoint-paths.ts';
import type { TokenEnvironment } from '../../functions/token/environment.ts';
import type { KeyRotation } from '../key-rotation/key-rotation.ts';
import type { AuthorizationServer } from '../server/authorization-server.ts';
import { grantReuse } from '../server/token-function.ts';
import type { Parameters } from './parameters.ts';

// What is put where: a parameter, by its name, into a server that was made with a value.
interface Put {
  readonly server: AuthorizationServer;
  readonly name: string;
  readonly parameters: Parameters;
}

/** Puts a parameter in the place of what a server was made with. */
export type PutParameter = (put: Put) => void;

type ClientVariable = keyof ClientEndpointEnvironment;

/** Puts a parameter, as it is, into a variable of the token function alone. */
export const tokenVariable =
  (variable: Exclude<keyof TokenEnvironment, ClientVariable>): PutParameter =>
  ({ server, name }) =>
    server.tokenFunction.addEnvironment(variable, Fn.ref(name));

/** For the token function, and what it may do with it where it is more than none. */
export const tokenReuse: PutParameter = (put) => {
  const { server, name, parameters } = put;
  tokenVariable('TOKEN_REUSE')(put);
  const policy = grantReuse(server.tokenFunction, server.revocations.tableArn);
  resourceOf(policy).cfnOptions.condition = parameters.isSet(name, '0');
};

/** Puts a parameter, as it is, into a variable of each function at which clients authenticate. */
export const clientVariable =
  (variable: ClientVariable): PutParameter =>
  ({ server, name }) =>
    setClientVariable(server, variable, Fn.ref(name));

/** A switch, which these functions know by two words. */
export const clientSecretMethod: PutParameter = ({ server, name, parameters }) => {
  const method = Fn.conditionIf(parameters.isTrue(name).logicalId, 'registered', 'any');
  setClientVariable(server, 'CLIENT_SECRET_METHOD', method.toString());
};

function setClientVariable(server: AuthorizationServer, name: ClientVariable, value: string): void {
  const { tokenFunction, revocationFunction, introspectionFunction } = server;
  for (const one of [tokenFunction, revocationFunction, introspectionFunction]) {
    one.addEnvironment(name, value);
  }
}

/** The requests a second of all routes that have no throttle of their own. */
export const throttle: PutParameter = ({ server, name }) =>
  setThrottle(server, 'DefaultRouteSettings', Fn.ref(name));

/** Those of each path at which clients authenticate. */
export const tokenThrottle: PutParameter = ({ server, name, parameters }) => {
  const rate = Fn.conditionIf(parameters.isSet(name).logicalId, Fn.ref(name), Fn.ref('Throttle'));
  for (const path of Object.values(endpointPaths))
    setThrottle(server, `RouteSettings.ANY ${path}`, rate);
};

function setThrottle(server: AuthorizationServer, of: string, rate: string | IResolvable): void {
  const stage = resourceOf<CfnStage>(server.stage);
  stage.addPropertyOverride(`${of}.ThrottlingRateLimit`, rate);
  stage.addPropertyOverride(`${of}.ThrottlingBurstLimit`, rate);
}

/** For the function, and for the resource that has it called when it changes. */
export const keyRotationDays: PutParameter = ({ server, name }) => {
  const variable: keyof KeyRotationEnvironment = 'KEY_ROTATION_DAYS';
  const { function: rotation, keyRing } = keyRotationOf(server);
  rotation.addEnvironment(variable, Fn.ref(name));
  resourceOf(keyRing).addPropertyOverride('KeyRotationDays', Fn.ref(name));
};

/** For the resource that refuses another change of the issuer. */
export const replacesIssuer: PutParameter = ({ server, name }) =>
  resourceOf(keyRotationOf(server).keyRing).addPropertyOverride('ReplacesIssuer', Fn.ref(name));

/** Where the alarms go, and that nobody knows whether one of them should. */
export const alarmTopic: PutParameter = ({ server, name, parameters }) => {
  const { secretsExpiringAlarm: expiring } = server;
  const { keyRotationFailedAlarm: failed, keyRotationOverdueAlarm: overdue } = server;
  const actions = Fn.conditionIf(
    parameters.isSet(name).logicalId,
    [Fn.ref(name)],
    Fn.ref('AWS::NoValue'),
  );
  for (const alarm of [failed, overdue, expiring, server.historyFailedAlarm]) {
    resourceOf<CfnAlarm>(alarm).addPropertyOverride('AlarmActions', actions);
  }
  resourceOf<CfnAlarm>(expiring).addPropertyOverride('InsufficientDataActions', actions);
};

/** A part of a server that owners of an app have no use for. */
const keyRotationOf = ({ node }: AuthorizationServer): KeyRotation =>
  node.findChild('KeyRotation') as KeyRotation;

/** What a construct is made of: its one resource. */
const resourceOf = <Resource extends CfnResource>({ node }: IConstruct): Resource =>
  node.defaultChild as Resource;
