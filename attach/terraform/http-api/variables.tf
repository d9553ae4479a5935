variable "api" {
  description = "The HTTP API: its aws_apigatewayv2_api."
  type        = object({ id = string, execution_arn = string })
}

variable "authorizer_function_arn" {
  description = "The ARN of the authorizer's function, or of an alias of it."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$", var.authorizer_function_arn))
    error_message = "authorizer_function_arn must be the ARN of a Lambda function, such as arn:aws:lambda:eu-central-1:111122223333:function:authorizer."
  }
}

variable "routes" {
  description = "Route key, such as \"GET /orders/{id}\" or \"$default\", to the id of its aws_apigatewayv2_integration. Each of them asks the authorizer."
  type        = map(string)

  validation {
    condition     = length(var.routes) > 0
    error_message = "routes must have a route: an authorizer that no route asks guards nothing."
  }

  validation {
    condition     = alltrue([for key in keys(var.routes) : can(regex("^(\\$default|(ANY|DELETE|GET|HEAD|PATCH|POST|PUT) /\\S*)$", key))])
    error_message = "routes must have keys such as \"GET /orders\" or \"$default\". OPTIONS is not among them: browsers send no token with it. The API's cors_configuration answers it; beside $default it needs a route of its own."
  }
}

variable "result_ttl" {
  description = "Seconds for which an answer of the authorizer counts again, for the same token, route, method and path. 0, where the authorizer takes bound tokens: a proof counts once."
  type        = number
  default     = 0

  validation {
    condition     = var.result_ttl >= 0 && var.result_ttl <= 3600 && floor(var.result_ttl) == var.result_ttl
    error_message = "result_ttl must be a whole number of seconds, from 0 to 3600."
  }
}

variable "name" {
  description = "The name of the authorizer within the API."
  type        = string
  default     = "countersign"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.name))
    error_message = "name must have 1 to 128 letters, digits, _ and -."
  }
}
