from aws_cdk import App, CfnParameter, Stack
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_authorizers import HttpJwtAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration

# API Gateway's own JWT authorizer, which takes bound tokens as bearer tokens.
stack = Stack(App(), "OrdersHttpApiJwt")
issuer = CfnParameter(stack, "Issuer").value_as_string
audience = CfnParameter(stack, "Audience").value_as_string

api = apigatewayv2.HttpApi(
    stack,
    "Api",
    default_authorizer=HttpJwtAuthorizer("Countersign", issuer, jwt_audience=[audience]),
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
# One of the scopes is enough, not all.
scopes = {
    apigatewayv2.HttpMethod.GET: "orders:read",
    apigatewayv2.HttpMethod.POST: "orders:write",
}
for method, scope in scopes.items():
    api.add_routes(
        path="/orders", methods=[method], authorization_scopes=[scope], integration=backend
    )

App.of(stack).synth()
