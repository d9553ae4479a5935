mock_provider "aws" {}

variables {
  rest_api = {
    id            = "a1b2c3d4e5"
    execution_arn = "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5"
  }
  authorizer_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:authorizer"
  audience                = "https://orders.example.com"
  methods = {
    "GET /orders"      = { resource_id = "r1" }
    "POST /orders"     = { resource_id = "r1", api_key_required = true }
    "GET /orders/{id}" = { resource_id = "r2", request_parameters = { "method.request.path.id" = true } }
  }
}

run "each_method_asks_the_authorizer" {
  assert {
    condition     = length(aws_api_gateway_method.this) == 3
    error_message = "a method is missing"
  }

  assert {
    condition = alltrue([
      for method in aws_api_gateway_method.this :
      method.authorization == "CUSTOM" && method.authorizer_id == aws_api_gateway_authorizer.this.id
    ])
    error_message = "a method is open"
  }

  assert {
    condition     = output.methods["POST /orders"] == { resource_id = "r1", http_method = "POST" }
    error_message = "an integration would be of another method"
  }

  assert {
    condition     = aws_api_gateway_method.this["POST /orders"].api_key_required && !aws_api_gateway_method.this["GET /orders"].api_key_required
    error_message = "a setting of a method is lost"
  }

  assert {
    condition     = output.authorizer_id == aws_api_gateway_authorizer.this.id
    error_message = "authorizer_id is another one"
  }
}

run "an_answer_counts_for_nothing_else" {
  assert {
    condition     = aws_api_gateway_authorizer.this.identity_source == "method.request.header.Authorization, context.httpMethod, context.resourcePath, context.path"
    error_message = "an answer would count for another method"
  }

  assert {
    condition     = aws_api_gateway_authorizer.this.authorizer_result_ttl_in_seconds == 0
    error_message = "a proof would count twice"
  }

  assert {
    condition     = aws_api_gateway_authorizer.this.type == "REQUEST"
    error_message = "the authorizer would see the token alone"
  }
}

run "clients_are_challenged" {
  assert {
    condition     = aws_api_gateway_gateway_response.unauthorized.response_parameters["gatewayresponse.header.WWW-Authenticate"] == "'Bearer realm=\"https://orders.example.com\"'"
    error_message = "without a token there is no challenge"
  }

  assert {
    condition     = aws_api_gateway_gateway_response.access_denied.response_parameters["gatewayresponse.header.WWW-Authenticate"] == "context.authorizer.wwwAuthenticate"
    error_message = "with too little scope there is no challenge"
  }
}

run "only_this_authorizer_may_call_the_function" {
  assert {
    condition     = aws_lambda_permission.this.source_arn == "${var.rest_api.execution_arn}/authorizers/${aws_api_gateway_authorizer.this.id}"
    error_message = "another API could call the function"
  }

  assert {
    condition     = aws_lambda_permission.this.function_name == var.authorizer_function_arn && aws_lambda_permission.this.qualifier == null
    error_message = "the permission is for another function"
  }
}

run "what_is_guarded_later_is_deployed" {
  variables {
    methods = { "GET /orders" = { resource_id = "r1" } }
  }

  assert {
    condition     = output.redeployment != run.each_method_asks_the_authorizer.redeployment
    error_message = "the stage would stay as it was"
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
    condition     = aws_api_gateway_authorizer.this.authorizer_uri == "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${var.authorizer_function_arn}/invocations"
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

run "no_methods_are_none_guarded" {
  command = plan
  variables {
    methods = {}
  }
  expect_failures = [var.methods]
}

run "a_preflight_has_no_token" {
  command = plan
  variables {
    methods = { "OPTIONS /orders" = { resource_id = "r1" } }
  }
  expect_failures = [var.methods]
}

run "a_realm_cannot_end_the_header" {
  command = plan
  variables {
    audience = "orders' \""
  }
  expect_failures = [var.audience]
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
