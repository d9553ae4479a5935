import { Aws, CfnDeletionPolicy, Names } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnRoute,
  type CfnStage,
  type HttpApi,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { type CfnLogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroupProps } from '../node-function.ts';
import type { Throttle } from '../settings/throttle-settings.ts';

/** What an AccessLoggedStage is made of. */
export interface AccessLoggedStageProps {
  readonly httpApi: HttpApi;
  /** Of each route that has none of its own; beyond it API Gateway answers 429. */
  readonly throttle: Throttle;
}

/** The `$default` stage of an HTTP API, throttled and with an access log. */
export class AccessLoggedStage extends Construct {
  readonly stage: HttpStage;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: AccessLoggedStageProps) {
    super(scope, id);
    this.logGroup = accessLog(this);
    this.stage = new HttpStage(this, 'Default', {
      httpApi: props.httpApi,
      autoDeploy: true,
      throttle: props.throttle,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.logGroup),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
  }

  /** Gives a route a throttle of its own. API Gateway looks the route up: the stage comes after it. */
  throttle(route: HttpRoute, { rateLimit, burstLimit }: Throttle): void {
    // What these constructs are made of; they have no property for it.
    const throttled = route.node.defaultChild as CfnRoute;
    const stage = this.stage.node.defaultChild as CfnStage;
    stage.routeSettings = {
      ...stage.routeSettings,
      [throttled.routeKey]: { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
    };
    stage.node.addDependency(throttled);
  }
}

/**
 * Makes a log group with a name of its own. For one with any other name, API Gateway writes itself into the one
 * resource policy that it has for all log groups of an account and Region, which ends at 5,120 characters.
 * Where a deployment has one with such a name, that stays behind with its lines, until these are a year old.
 */
function accessLog(scope: Construct): LogGroup {
  // A template is not for a stack of one name alone. 512 characters are allowed; these are 396 at most.
  const logGroupName = `/aws/vendedlogs/countersign/${Aws.STACK_NAME}/${Names.nodeUniqueId(scope.node)}`;
  const logGroup = new LogGroup(scope, 'AccessLog', { ...logGroupProps, logGroupName });
  // What this construct is made of; it has no property for it.
  const { cfnOptions } = logGroup.node.defaultChild as CfnLogGroup;
  cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  return logGroup;
}

/**
 * What no audit line has, or has for requests alone that reach a function; by short names, since each byte of a line
 * is billed. `function` is the status that Lambda gave for its call, `ms` and `functionMs` are milliseconds.
 *
 * No path, query string or header: a client that puts its secret in the wrong place must not
 * find it in a log. Nor anything that could carry a quote and break out of the JSON.
 */
const accessLogFields = {
  id: AccessLogField.contextRequestId(),
  time: AccessLogField.contextRequestTimeEpoch(),
  ip: AccessLogField.contextIdentitySourceIp(),
  method: AccessLogField.contextHttpMethod(),
  route: AccessLogField.contextRouteKey(),
  status: AccessLogField.contextStatus(),
  ms: AccessLogField.contextResponseLatency(),
  function: AccessLogField.contextIntegrationStatus(),
  functionMs: AccessLogField.contextIntegrationLatency(),
};
