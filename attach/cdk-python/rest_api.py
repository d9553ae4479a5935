from aws_cdk import App, CfnParameter, Duration, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_lambda as lambda_

stack = Stack(App(), "OrdersRestApi")
function_arn = CfnParameter(stack, "AuthorizerFunctionArn").value_as_string
audience = CfnParameter(
    stack, "Audience", allowed_pattern=r"""[^'"\\\s]+""", description="The API's identifier"
).value_as_string
# Seconds for which an answer counts again. 0, where the authorizer takes bound tokens.
result_ttl = Duration.seconds(int(stack.node.try_get_context("resultTtl") or 0))

authorizer = apigateway.RequestAuthorizer(
    stack,
    "Authorizer",
    # Without same_environment the CDK adds no permission, and API Gateway may not call the function.
    handler=lambda_.Function.from_function_attributes(
        stack, "AuthorizerFunction", function_arn=function_arn, same_environment=True
    ),
    # Without this it is 300 seconds.
    results_cache_ttl=result_ttl,
    # An answer counts again for the same of all these, or it would for other methods.
    identity_sources=[
        apigateway.IdentitySource.header("Authorization"),
        apigateway.IdentitySource.context("httpMethod"),
        apigateway.IdentitySource.context("resourcePath"),
        apigateway.IdentitySource.context("path"),
    ],
)

api = apigateway.RestApi(
    stack,
    "Api",
    # Each method has it, also those that are added later.
    default_method_options=apigateway.MethodOptions(authorizer=authorizer),
    # Its OPTIONS have no authorizer: browsers ask before they send a token.
    default_cors_preflight_options=apigateway.CorsOptions(
        allow_origins=["https://shop.example.com"],
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "dpop"],
    ),
)

# Without a token: a challenge without an error (RFC 6750, section 3.1).
api.add_gateway_response(
    "Unauthorized",
    type=apigateway.ResponseType.UNAUTHORIZED,
    status_code="401",
    response_headers={"WWW-Authenticate": f"'Bearer realm=\"{audience}\"'"},
)
# With too little scope: the authorizer says which challenge.
api.add_gateway_response(
    "AccessDenied",
    type=apigateway.ResponseType.ACCESS_DENIED,
    status_code="403",
    response_headers={"WWW-Authenticate": "context.authorizer.wwwAuthenticate"},
)

backend = apigateway.LambdaIntegration(
    lambda_.Function(
        stack,
        "Backend",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="orders.handler",
        code=lambda_.Code.from_asset("orders"),
    )
)
orders = api.root.add_resource("orders")
orders.add_method("GET", backend)
orders.add_method("POST", backend)
orders.add_resource("{id}").add_method("GET", backend)

App.of(stack).synth()
