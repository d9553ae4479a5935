from aws_cdk import App, CfnParameter, Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import HttpLambdaAuthorizer, HttpLambdaResponseType
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

stack = Stack(App(), "OrdersHttpApi")
function_arn = CfnParameter(stack, "AuthorizerFunctionArn").value_as_string
# Seconds for which an answer counts again. 0, where the authorizer takes bound tokens.
result_ttl = Duration.seconds(int(stack.node.try_get_context("resultTtl") or 0))

authorizer = HttpLambdaAuthorizer(
    "Countersign",
    # Without same_environment the CDK adds no permission, and API Gateway may not call the function.
    lambda_.Function.from_function_attributes(
        stack, "AuthorizerFunction", function_arn=function_arn, same_environment=True
    ),
    response_types=[HttpLambdaResponseType.SIMPLE],
    # Without this it is 300 seconds.
    results_cache_ttl=result_ttl,
    # An answer counts again for the same of all these, or it would for other routes.
    identity_source=[
        "$request.header.Authorization",
        "$context.routeKey",
        "$context.httpMethod",
        "$context.path",
    ],
)

api = apigatewayv2.HttpApi(
    stack,
    "Api",
    # Each route has it, also those that are added later.
    default_authorizer=authorizer,
    # By this, API Gateway answers OPTIONS itself, without the authorizer.
    cors_preflight=apigatewayv2.CorsPreflightOptions(
        allow_origins=["https://shop.example.com"],
        allow_methods=[apigatewayv2.CorsHttpMethod.GET, apigatewayv2.CorsHttpMethod.POST],
        allow_headers=["authorization", "content-type", "dpop"],
    ),
)

backend = HttpLambdaIntegration(
    "Orders",
    lambda_.Function(
        stack,
        "Backend",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="orders.handler",
        code=lambda_.Code.from_asset("orders"),
    ),
)
both = [apigatewayv2.HttpMethod.GET, apigatewayv2.HttpMethod.POST]
api.add_routes(path="/orders", methods=both, integration=backend)
api.add_routes(path="/orders/{id}", methods=[apigatewayv2.HttpMethod.GET], integration=backend)

App.of(stack).synth()
