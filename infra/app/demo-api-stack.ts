import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Construct } from 'constructs';
import { AccessTokenAuthorizer } from '../authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../authorizer/access-token-guard.ts';
import { NodeFunction, type NodeFunctionProps } from '../node-function.ts';
import { AccessLoggedStage } from '../server/access-logged-stage.ts';
import { acknowledge } from '../settings/acknowledgement.ts';
import type { DpopNonce } from '../settings/choices/dpop-nonce.ts';
import type { SecurityProfile } from '../settings/choices/security-profile.ts';
import type { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { type ThrottleProps, throttleSettings } from '../settings/throttle-settings.ts';

/** Whose tokens the demo API takes, and what it is called in them. */
export interface DemoApiStackProps extends StackProps, Pick<ThrottleProps, 'throttle'> {
  /** The issuer identifier of the authorization server. */
  readonly issuer: string;
  /**
   * The API's identifier, which access tokens must carry as `aud`.
   * @default its own URL
   */
  readonly audience?: string;
  /**
   * What an access token may be signed with.
   * @default SigningAlgorithm.RS256 alone
   */
  readonly algorithms?: SigningAlgorithm[];
  /** @default SecurityProfile.NONE */
  readonly profile?: SecurityProfile;
  /** @default DpopNonce.OFF */
  readonly dpopNonce?: DpopNonce;
}

/**
 * An API that someone else would own: `GET /` needs scope `read`, `POST /` needs `write`. An authorizer
 * stands in front of them; `/guarded` is the same within a guard, where nonces can be asked for.
 */
export class DemoApiStack extends Stack {
  constructor(scope: Construct, id: string, props: DemoApiStackProps) {
    super(scope, id, props);
    const httpApi = new HttpApi(this, 'HttpApi', {
      apiName: this.stackName,
      createDefaultStage: false,
    });
    const audience = props.audience ?? httpApi.apiEndpoint;
    const { issuer, algorithms, profile, dpopNonce } = props;
    const boundTokens = { publicUrl: urlIn(props.audience) ?? httpApi.apiEndpoint };
    const refuseRevokedWithin = Duration.seconds(10);
    const tokens = { issuer, audience, algorithms, profile, refuseRevokedWithin };
    const authorizer = new AccessTokenAuthorizer(this, 'Authorizer', {
      ...tokens,
      boundTokens,
      routes: { 'GET /': ['read'], 'POST /': ['write'] },
    });
    const open = new NodeFunction(this, 'Function', answering('demo-api/index'));
    httpApi.addRoutes({
      path: '/',
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration: new HttpLambdaIntegration('Answers', open),
      authorizer: authorizer.httpAuthorizer(),
    });
    const guarded = new NodeFunction(this, 'GuardedFunction', answering('demo-api/guarded'));
    const guard = new AccessTokenGuard(this, 'Guard', {
      ...tokens,
      boundTokens: { ...boundTokens, dpopNonce },
      routes: { 'GET /guarded': ['read'], 'POST /guarded': ['write'] },
      function: guarded,
      httpApis: [httpApi],
    });
    // What is only a name, or ends in a slash, is not where metadata could stand.
    if (props.audience === urlIn(props.audience)) {
      guard.addProtectedResourceMetadata(httpApi, { resourceName: 'Countersign demo API' });
    }
    const routes = httpApi.addRoutes({
      path: '/guarded',
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration: new HttpLambdaIntegration('GuardedAnswers', guarded),
    });
    for (const route of routes) acknowledge(route, guardedWithin);
    const { throttle } = throttleSettings(props);
    new AccessLoggedStage(this, 'Stage', { httpApi, throttle });
    new CfnOutput(this, 'DemoApiUrl', { value: audience });
  }
}

/** An identifier that is where clients reach the API, too; undefined: it is only a name. */
function urlIn(audience: string | undefined): string | undefined {
  return /^https?:/.test(audience ?? '') ? audience?.replace(/\/$/, '') : undefined;
}

const answering = (entry: string): NodeFunctionProps => ({
  description: 'Countersign demo API: says what the authorizer told it',
  entry,
  environment: {},
});

const guardedWithin = {
  id: 'AwsSolutions-APIG4',
  reason: 'The function behind it asks for an access token itself: AccessTokenGuard.',
};
