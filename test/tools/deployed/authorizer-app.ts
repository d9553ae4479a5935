import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AccessTokenAuthorizer } from '../../../infra/index.ts';

/** What the snippets are given: an authorizer's function, and one behind the API. */
const app = new App();
const stack = new Stack(app, 'Attached');
const issuer: string = app.node.getContext('attachedIssuer');
const authorizer = new AccessTokenAuthorizer(stack, 'Authorizer', {
  issuer,
  audience: app.node.getContext('attachedAudience'),
  routes: {
    'GET /orders': ['orders:read'],
    'GET /orders/{id}': ['orders:read'],
    'POST /orders': ['orders:write'],
  },
});
const backend = new LambdaFunction(stack, 'Backend', {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromInline(`exports.handler = async ({ requestContext: { authorizer } }) => {
    const { client_id, scope } = authorizer.lambda ?? authorizer;
    return { statusCode: 200, body: JSON.stringify({ client_id, scope }) };
  };`),
});
new CfnOutput(stack, 'AuthorizerFunctionArn', { value: authorizer.function.functionArn });
new CfnOutput(stack, 'BackendFunctionArn', { value: backend.functionArn });
app.synth();
