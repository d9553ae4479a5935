variable "authorizer_function_arn" {
  type = string
}

variable "backend_function_arn" {
  type = string
}

variable "audience" {
  description = "The API's identifier, as the authorizer has it."
  type        = string
}

variable "result_ttl" {
  description = "Seconds for which an answer counts again. 0, where the authorizer takes bound tokens."
  type        = number
  default     = 0
}

data "aws_lambda_function" "backend" {
  function_name = var.backend_function_arn
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_resource.orders.id
  path_part   = "{id}"
}

# A method that is added to this list is guarded, too.
module "guarded" {
  source = "../../rest-api"

  rest_api                = aws_api_gateway_rest_api.orders
  authorizer_function_arn = var.authorizer_function_arn
  audience                = var.audience
  result_ttl              = var.result_ttl
  methods = {
    "GET /orders"      = { resource_id = aws_api_gateway_resource.orders.id }
    "POST /orders"     = { resource_id = aws_api_gateway_resource.orders.id }
    "GET /orders/{id}" = { resource_id = aws_api_gateway_resource.order.id }
  }
}

resource "aws_api_gateway_integration" "orders" {
  for_each = module.guarded.methods

  rest_api_id             = aws_api_gateway_rest_api.orders.id
  resource_id             = each.value.resource_id
  http_method             = each.value.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = data.aws_lambda_function.backend.invoke_arn
}

resource "aws_lambda_permission" "orders" {
  action        = "lambda:InvokeFunction"
  function_name = var.backend_function_arn
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.orders.execution_arn}/*"
}

resource "aws_api_gateway_deployment" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id

  # A stage serves what was there at its deployment: without this it would stay open.
  triggers = {
    guarded      = module.guarded.redeployment
    integrations = sha1(jsonencode(aws_api_gateway_integration.orders))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  deployment_id = aws_api_gateway_deployment.orders.id
  stage_name    = "prod"
}

output "api_id" {
  value = aws_api_gateway_rest_api.orders.id
}

output "api_url" {
  value = aws_api_gateway_stage.prod.invoke_url
}
