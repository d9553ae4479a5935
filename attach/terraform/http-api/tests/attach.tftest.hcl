mock_provider "aws" {}

variables {
  api = {
    id            = "a1b2c3d4e5"
    execution_arn = "arn:aws-cn:execute-api:cn-north-1:111122223333:a1b2c3d4e5"
  }
  authorizer_function_arn = "arn:aws-cn:lambda:cn-north-1:111122223333:function:authorizer"
  routes = {
    "GET /orders"      = "i1"
    "ANY /{proxy+}"    = "i2"
    "$default"         = "i2"
    "GET /orders/{id}" = "i1"
  }
}

run "each_route_asks_the_authorizer" {
  assert {
    condition     = length(aws_apigatewayv2_route.this) == 4
    error_message = "a route is missing"
  }

  assert {
    condition = alltrue([
      for route in aws_apigatewayv2_route.this :
      route.authorization_type == "CUSTOM" && route.authorizer_id == aws_apigatewayv2_authorizer.this.id
    ])
    error_message = "a route is open"
  }

  assert {
    condition     = aws_apigatewayv2_route.this["ANY /{proxy+}"].target == "integrations/i2"
    error_message = "a route leads elsewhere"
  }

  assert {
    condition     = output.route_ids["$default"] == aws_apigatewayv2_route.this["$default"].id
    error_message = "route_ids has another id"
  }

  assert {
    condition     = output.authorizer_id == aws_apigatewayv2_authorizer.this.id
    error_message = "authorizer_id is another one"
  }
}

run "an_answer_counts_for_nothing_else" {
  assert {
    condition = aws_apigatewayv2_authorizer.this.identity_sources == toset([
      "$request.header.Authorization", "$context.routeKey", "$context.httpMethod", "$context.path",
    ])
    error_message = "an answer would count for another route"
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.this.authorizer_result_ttl_in_seconds == 0
    error_message = "a proof would count twice"
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.this.authorizer_payload_format_version == "2.0" && aws_apigatewayv2_authorizer.this.enable_simple_responses
    error_message = "the authorizer's answers would not be understood"
  }
}

run "only_this_authorizer_may_call_the_function" {
  assert {
    condition     = aws_lambda_permission.this.source_arn == "${var.api.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.this.id}"
    error_message = "another API could call the function"
  }

  assert {
    condition     = aws_lambda_permission.this.function_name == var.authorizer_function_arn && aws_lambda_permission.this.qualifier == null
    error_message = "the permission is for another function"
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.this.authorizer_uri == "arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/${var.authorizer_function_arn}/invocations"
    error_message = "the URI is another one"
  }
}

run "an_alias_has_a_permission_of_its_own" {
  variables {
    authorizer_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:authorizer:live"
  }

  assert {
    condition     = aws_lambda_permission.this.qualifier == "live" && endswith(aws_lambda_permission.this.function_name, ":authorizer")
    error_message = "the alias may not be called"
  }

  assert {
    condition     = endswith(aws_apigatewayv2_authorizer.this.authorizer_uri, ":authorizer:live/invocations")
    error_message = "the alias is not what is called"
  }
}

run "a_name_is_no_arn" {
  command = plan
  variables {
    authorizer_function_arn = "authorizer"
  }
  expect_failures = [var.authorizer_function_arn]
}

run "no_routes_are_none_guarded" {
  command = plan
  variables {
    routes = {}
  }
  expect_failures = [var.routes]
}

run "a_preflight_has_no_token" {
  command = plan
  variables {
    routes = { "OPTIONS /orders" = "i1" }
  }
  expect_failures = [var.routes]
}

run "a_route_key_has_a_method" {
  command = plan
  variables {
    routes = { "/orders" = "i1" }
  }
  expect_failures = [var.routes]
}

run "an_hour_is_the_most" {
  command = plan
  variables {
    result_ttl = 3601
  }
  expect_failures = [var.result_ttl]
}

run "a_name_has_no_spaces" {
  command = plan
  variables {
    name = "our authorizer"
  }
  expect_failures = [var.name]
}
