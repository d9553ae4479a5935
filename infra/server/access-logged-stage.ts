import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type HttpApi,
  HttpStage,
  LogGroupLogDestination,
  type ThrottleSettings,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroupProps } from '../bundling/node-function.ts';

/** What an AccessLoggedStage is made of. */
export interface AccessLoggedStageProps {
  readonly httpApi: HttpApi;
  /** Requests a second over all routes together, beyond which API Gateway answers 429. */
  readonly throttle: ThrottleSettings;
}

/** The `$default` stage of an HTTP API, throttled and with an access log. */
export class AccessLoggedStage extends Construct {
  readonly stage: HttpStage;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: AccessLoggedStageProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'AccessLog', logGroupProps);
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
}

/**
 * No path, query string or header: a client that puts its secret in the wrong place must not
 * find it in a log. Nor anything that could carry a quote and break out of the JSON.
 */
const accessLogFields = {
  requestId: AccessLogField.contextRequestId(),
  requestTime: AccessLogField.contextRequestTimeEpoch(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  httpMethod: AccessLogField.contextHttpMethod(),
  routeKey: AccessLogField.contextRouteKey(),
  status: AccessLogField.contextStatus(),
  responseLength: AccessLogField.contextResponseLength(),
  responseLatency: AccessLogField.contextResponseLatency(),
  integrationStatus: AccessLogField.contextIntegrationStatus(),
  integrationLatency: AccessLogField.contextIntegrationLatency(),
};
