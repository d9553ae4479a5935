locals {
  # arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME, and perhaps :ALIAS
  arn       = split(":", var.authorizer_function_arn)
  function  = join(":", slice(local.arn, 0, 7))
  qualifier = try(local.arn[7], null)
}

resource "aws_api_gateway_authorizer" "this" {
  rest_api_id = var.rest_api.id
  name        = var.name
  # TOKEN would see neither a DPoP proof nor a certificate, and one answer of it is for all methods.
  type                             = "REQUEST"
  authorizer_uri                   = "arn:${local.arn[1]}:apigateway:${local.arn[3]}:lambda:path/2015-03-31/functions/${var.authorizer_function_arn}/invocations"
  authorizer_result_ttl_in_seconds = var.result_ttl

  # An answer counts again for the same of all these, or it would for other methods.
  identity_source = join(", ", [
    "method.request.header.Authorization",
    "context.httpMethod",
    "context.resourcePath",
    "context.path",
  ])
}

resource "aws_lambda_permission" "this" {
  action        = "lambda:InvokeFunction"
  function_name = local.function
  qualifier     = local.qualifier
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${var.rest_api.execution_arn}/authorizers/${aws_api_gateway_authorizer.this.id}"
}

resource "aws_api_gateway_method" "this" {
  for_each = var.methods

  rest_api_id          = var.rest_api.id
  resource_id          = each.value.resource_id
  http_method          = split(" ", each.key)[0]
  authorization        = "CUSTOM"
  authorizer_id        = aws_api_gateway_authorizer.this.id
  api_key_required     = each.value.api_key_required
  request_models       = each.value.request_models
  request_parameters   = each.value.request_parameters
  request_validator_id = each.value.request_validator_id
}

# Without a token: a challenge without an error (RFC 6750, section 3.1).
resource "aws_api_gateway_gateway_response" "unauthorized" {
  rest_api_id   = var.rest_api.id
  response_type = "UNAUTHORIZED"
  status_code   = "401"
  response_parameters = {
    "gatewayresponse.header.WWW-Authenticate" = "'Bearer realm=\"${var.audience}\"'"
  }
}

# With too little scope: the authorizer says which challenge.
resource "aws_api_gateway_gateway_response" "access_denied" {
  rest_api_id   = var.rest_api.id
  response_type = "ACCESS_DENIED"
  status_code   = "403"
  response_parameters = {
    "gatewayresponse.header.WWW-Authenticate" = "context.authorizer.wwwAuthenticate"
  }
}
