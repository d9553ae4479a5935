import json

from aws_cdk import App, Duration, Fn, Stack, Token
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import HttpLambdaAuthorizer, HttpLambdaResponseType
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from aws_cdk.cloudformation_include import CfnInclude

# cdk deploy --all -c bucket=BUCKET -c templates=FOLDER -c audience=https://orders.example.com
# FOLDER is what `countersign template --out` has written, and BUCKET has its assets.
app = App()
folder = app.node.get_context("templates")
bucket = app.node.get_context("bucket")

server_stack = Stack(app, "Countersign")
CfnInclude(
    server_stack,
    "Server",
    template_file=f"{folder}/Countersign.template.json",
    parameters={"AssetsBucket": bucket},
)

stack = Stack(app, "Orders")
stack.add_dependency(server_stack)
included = CfnInclude(
    stack,
    "Included",
    template_file=f"{folder}/CountersignAuthorizer.template.json",
    parameters={
        "AssetsBucket": bucket,
        # The output itself, for its value has conditions of the other stack.
        "Issuer": Fn.get_stack_output(server_stack.stack_name, "Issuer"),
        "Audience": app.node.get_context("audience"),
        "Routes": json.dumps({"GET /orders": ["orders:read"], "POST /orders": ["orders:write"]}),
    },
)
function_arn = Token.as_string(included.get_output("FunctionArn").value)

# Each route that is added to it asks the authorizer.
api = apigatewayv2.HttpApi(
    stack,
    "Api",
    default_authorizer=HttpLambdaAuthorizer(
        "Countersign",
        # Without same_environment the CDK adds no permission, and API Gateway may not call the function.
        lambda_.Function.from_function_attributes(
            stack, "AuthorizerFunction", function_arn=function_arn, same_environment=True
        ),
        response_types=[HttpLambdaResponseType.SIMPLE],
        # As long as the authorizer takes no bound tokens, it may be longer.
        results_cache_ttl=Duration.seconds(0),
        identity_source=[
            "$request.header.Authorization",
            "$context.routeKey",
            "$context.httpMethod",
            "$context.path",
        ],
    ),
)

api.add_routes(
    path="/orders",
    methods=[apigatewayv2.HttpMethod.GET, apigatewayv2.HttpMethod.POST],
    integration=HttpLambdaIntegration(
        "Orders",
        lambda_.Function(
            stack,
            "Backend",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="orders.handler",
            code=lambda_.Code.from_asset("orders"),
        ),
    ),
)

app.synth()
