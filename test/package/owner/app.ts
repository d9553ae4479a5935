import { App, Duration, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  AccessTokenAuthorizer,
  AccessTokenGuard,
  CountersignStack,
  KeyCustody,
  SecurityProfile,
  SigningAlgorithm,
} from 'countersign';

// An app of an owner who uses all that there is, in words that each version of aws-cdk-lib knows.

const app = new App();
const env = { account: '111122223333', region: 'eu-central-1' };

new CountersignStack(app, 'Plain');
new CountersignStack(app, 'Strict', {
  env,
  issuer: 'https://auth.example.com',
  issuerCertificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/issuer',
  alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:alarms',
  profile: SecurityProfile.FAPI2,
  signing: KeyCustody.KMS_WRAPPED,
  signingAlgorithm: SigningAlgorithm.ES256,
  tokenReuse: Duration.minutes(1),
});

const stack = new Stack(app, 'Api', { env });
const handler = (id: string) =>
  new LambdaFunction(stack, id, {
    code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    timeout: Duration.seconds(20),
  });
const tokens = { issuer: 'https://auth.example.com', audience: 'https://api.example.com' };
const boundTokens = { publicUrl: 'https://api.example.com' };

const orders = new AccessTokenAuthorizer(stack, 'Orders', {
  ...tokens,
  routes: { 'GET /orders': ['read'] },
});
new HttpApi(stack, 'OrdersApi').addRoutes({
  path: '/orders',
  methods: [HttpMethod.GET],
  integration: new HttpLambdaIntegration('Answers', handler('OrdersHandler')),
  authorizer: orders.httpAuthorizer(),
});

const bound = new AccessTokenAuthorizer(stack, 'Bound', {
  ...tokens,
  boundTokens,
  routes: { 'GET /bills': ['read'] },
});
const restApi = new RestApi(stack, 'BillsApi');
restApi.root.addResource('bills').addMethod('GET', new LambdaIntegration(handler('BillsHandler')), {
  authorizer: bound.restRequestAuthorizer(),
});
bound.addChallenges(restApi);

const httpApi = new HttpApi(stack, 'GuardedApi');
const guarded = handler('GuardedHandler');
const guard = new AccessTokenGuard(stack, 'Guard', {
  ...tokens,
  boundTokens,
  routes: { 'GET /guarded': ['read'] },
  function: guarded,
  httpApis: [httpApi],
});
guard.addProtectedResourceMetadata(httpApi, { resourceName: 'Guarded' });
httpApi.addRoutes({
  path: '/guarded',
  methods: [HttpMethod.GET],
  integration: new HttpLambdaIntegration('GuardedAnswers', guarded),
});

app.synth();
