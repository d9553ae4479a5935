# API Gateway's own JWT authorizer, which takes bound tokens as bearer tokens.
variable "issuer" {
  type = string
}

variable "audience" {
  type = string
}

variable "backend_function_arn" {
  type = string
}

locals {
  # One of the scopes is enough, not all.
  routes = {
    "GET /orders"  = ["orders:read"]
    "POST /orders" = ["orders:write"]
  }
}

resource "aws_apigatewayv2_api" "orders" {
  name          = "orders"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.orders.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_apigatewayv2_integration" "orders" {
  api_id                 = aws_apigatewayv2_api.orders.id
  integration_type       = "AWS_PROXY"
  integration_uri        = var.backend_function_arn
  payload_format_version = "2.0"
}

resource "aws_lambda_permission" "orders" {
  action        = "lambda:InvokeFunction"
  function_name = var.backend_function_arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.orders.execution_arn}/*"
}

resource "aws_apigatewayv2_authorizer" "countersign" {
  api_id           = aws_apigatewayv2_api.orders.id
  name             = "countersign"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.issuer
    audience = [var.audience]
  }
}

resource "aws_apigatewayv2_route" "orders" {
  for_each = local.routes

  api_id               = aws_apigatewayv2_api.orders.id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.orders.id}"
  authorization_type   = "JWT"
  authorizer_id        = aws_apigatewayv2_authorizer.countersign.id
  authorization_scopes = each.value
}
