locals {
  # arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME, and perhaps :ALIAS
  arn       = split(":", var.authorizer_function_arn)
  function  = join(":", slice(local.arn, 0, 7))
  qualifier = try(local.arn[7], null)
}

resource "aws_apigatewayv2_authorizer" "this" {
  api_id                            = var.api.id
  name                              = var.name
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = "arn:${local.arn[1]}:apigateway:${local.arn[3]}:lambda:path/2015-03-31/functions/${var.authorizer_function_arn}/invocations"
  authorizer_payload_format_version = "2.0"
  enable_simple_responses           = true
  authorizer_result_ttl_in_seconds  = var.result_ttl

  # An answer counts again for the same of all these, or it would for other routes.
  identity_sources = [
    "$request.header.Authorization",
    "$context.routeKey",
    "$context.httpMethod",
    "$context.path",
  ]
}

resource "aws_lambda_permission" "this" {
  action        = "lambda:InvokeFunction"
  function_name = local.function
  qualifier     = local.qualifier
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.api.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.this.id}"
}

resource "aws_apigatewayv2_route" "this" {
  for_each = var.routes

  api_id             = var.api.id
  route_key          = each.key
  target             = "integrations/${each.value}"
  authorization_type = "CUSTOM"
  authorizer_id      = aws_apigatewayv2_authorizer.this.id
}
