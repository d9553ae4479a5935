variable "rest_api" {
  description = "The REST API: its aws_api_gateway_rest_api."
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

variable "methods" {
  description = "A method and a path, such as \"GET /orders/{id}\", to the aws_api_gateway_resource of that path. Each of them asks the authorizer."
  type = map(object({
    resource_id          = string
    api_key_required     = optional(bool, false)
    request_models       = optional(map(string), {})
    request_parameters   = optional(map(bool), {})
    request_validator_id = optional(string)
  }))

  validation {
    condition     = length(var.methods) > 0
    error_message = "methods must have a method: an authorizer that no method asks guards nothing."
  }

  validation {
    condition     = alltrue([for key in keys(var.methods) : can(regex("^(ANY|DELETE|GET|HEAD|PATCH|POST|PUT) /\\S*$", key))])
    error_message = "methods must have keys such as \"GET /orders\". OPTIONS is not among them: browsers send no token with it, so it needs a method without the authorizer."
  }
}

variable "audience" {
  description = "The API's identifier, as the authorizer has it: the realm of the challenge to those who have no token."
  type        = string

  validation {
    condition     = can(regex("^[^'\"\\\\\\s]+$", var.audience))
    error_message = "audience must be the identifier of the API, without quotes, backslashes and spaces."
  }
}

variable "result_ttl" {
  description = "Seconds for which an answer of the authorizer counts again, for the same token, method and path. 0, where the authorizer takes bound tokens: a proof counts once."
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
