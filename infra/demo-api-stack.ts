import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { AccessLoggedStage } from './access-logged-stage.ts';
import { AccessTokenAuthorizer } from './access-token-authorizer.ts';
import { nodeFunction } from './node-function.ts';

/** Whose tokens the demo API takes, and what it is called in them. */
export interface DemoApiStackProps extends StackProps {
  /** The issuer identifier of the authorization server. */
  readonly issuer: string;
  /**
   * The API's identifier, which access tokens must carry as `aud`.
   * @default its own URL
   */
  readonly audience?: string;
  /**
   * Algorithms that an access token may be signed with.
   * @default ['RS256']
   */
  readonly algorithms?: readonly string[];
}

/** An API that someone else would own: `GET /` needs scope `read`, `POST /` needs `write`. */
export class DemoApiStack extends Stack {
  constructor(scope: Construct, id: string, props: DemoApiStackProps) {
    super(scope, id, props);
    const httpApi = new HttpApi(this, 'HttpApi', {
      apiName: this.stackName,
      createDefaultStage: false,
    });
    const audience = props.audience ?? httpApi.apiEndpoint;
    const authorizer = new AccessTokenAuthorizer(this, 'Authorizer', {
      issuer: props.issuer,
      audience,
      algorithms: props.algorithms,
      routes: { 'GET /': ['read'], 'POST /': ['write'] },
    });
    httpApi.addRoutes({
      path: '/',
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration: new HttpLambdaIntegration('Answers', answeringFunction(this)),
      authorizer: authorizer.httpAuthorizer(),
    });
    new AccessLoggedStage(this, 'Stage', { httpApi, throttle: { rateLimit: 50, burstLimit: 50 } });
    new CfnOutput(this, 'DemoApiUrl', { value: audience });
  }
}

function answeringFunction(scope: Construct): LambdaFunction {
  return nodeFunction(scope, 'Function', {
    description: 'Countersign demo API: says what the authorizer told it',
    folder: 'demo-api',
    environment: {},
  });
}
