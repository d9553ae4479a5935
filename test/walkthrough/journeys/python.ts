import { awsCli } from '../../tools/installation/aws.ts';
import { cdkPython } from '../../tools/installation/cdk-python.ts';
import type { Journey } from '../running/journey.ts';
import {
  audience,
  backend,
  bootstrap,
  calling,
  cdk,
  deploying,
  destroy,
  registering,
  routes,
  synth,
  templates,
} from './common.ts';

const app = `import os

from aws_cdk import App, Stack, Token
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import HttpLambdaAuthorizer, HttpLambdaResponseType
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from aws_cdk.cloudformation_include import CfnInclude

app = App()
parameters = {
    "AssetsBucket": "my-assets",
    "AssetsPrefix": "countersign/",
    "Issuer": os.environ["ISSUER"],
}

CfnInclude(
    Stack(app, "Countersign"),
    "Server",
    template_file="templates/Countersign.template.json",
    parameters=parameters,
)

orders = Stack(app, "Orders")
included = CfnInclude(
    orders,
    "Included",
    template_file="templates/CountersignAuthorizer.template.json",
    parameters={
        **parameters,
        "Audience": "${audience}",
        "Routes": '${routes}',
    },
)
authorizer = HttpLambdaAuthorizer(
    "Countersign",
    lambda_.Function.from_function_attributes(
        orders,
        "AuthorizerFunction",
        function_arn=Token.as_string(included.get_output("FunctionArn").value),
        same_environment=True,
    ),
    response_types=[HttpLambdaResponseType.SIMPLE],
    identity_source=["$request.header.Authorization", "$context.routeKey"],
)
backend = lambda_.Function(
    orders,
    "Backend",
    runtime=lambda_.Runtime.NODEJS_22_X,
    handler="index.handler",
    code=lambda_.Code.from_inline(
        "${backend}"
    ),
)
apigatewayv2.HttpApi(orders, "OrdersApi", default_authorizer=authorizer).add_routes(
    path="/orders",
    methods=[apigatewayv2.HttpMethod.GET, apigatewayv2.HttpMethod.POST],
    integration=HttpLambdaIntegration("OrdersIntegration", backend),
)

app.synth()
`;

/** Both templates in an app of Python's CDK. */
export const python: Journey = {
  title: 'The CDK in Python',
  folder: 'python',
  about:
    'The templates in an app in Python, by `CfnInclude`, with an HTTP API beside them. `aws_cdk` is installed before.',
  needs: [cdkPython, awsCli],
  steps: [
    ...templates,
    { command: `npm install --save-dev aws-cdk@${cdk}` },
    { file: 'app.py', text: app },
    { file: 'cdk.json', text: '{ "app": "python app.py" }\n' },
    bootstrap,
    synth,
    {
      command: `${deploying} --all`,
      leads: { issuer: { stack: 'Countersign' }, api: { stack: 'Orders', prefix: 'OrdersApi' } },
    },
    ...registering,
    ...calling,
    destroy,
  ],
};
