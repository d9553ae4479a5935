variable "authorizer_function_arn" {
  type = string
}

variable "backend_function_arn" {
  type = string
}

variable "result_ttl" {
  description = "Seconds for which an answer counts again. 0, where the authorizer takes bound tokens."
  type        = number
  default     = 0
}

resource "aws_apigatewayv2_api" "orders" {
  name          = "orders"
  protocol_type = "HTTP"

  # By this, API Gateway answers OPTIONS itself, without the authorizer.
  cors_configuration {
    allow_origins = ["https://shop.example.com"]
    allow_methods = ["GET", "POST"]
    allow_headers = ["authorization", "content-type", "dpop"]
  }
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

# A route that is added to this list is guarded, too.
module "guarded" {
  source = "../../http-api"

  api                     = aws_apigatewayv2_api.orders
  authorizer_function_arn = var.authorizer_function_arn
  result_ttl              = var.result_ttl
  routes = {
    "GET /orders"      = aws_apigatewayv2_integration.orders.id
    "POST /orders"     = aws_apigatewayv2_integration.orders.id
    "GET /orders/{id}" = aws_apigatewayv2_integration.orders.id
  }
}

output "api_id" {
  value = aws_apigatewayv2_api.orders.id
}

output "api_url" {
  value = aws_apigatewayv2_api.orders.api_endpoint
}
