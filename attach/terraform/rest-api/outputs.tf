output "authorizer_id" {
  description = "The id of the authorizer."
  value       = aws_api_gateway_authorizer.this.id
}

output "methods" {
  description = "The keys of methods to what their aws_api_gateway_integration needs."
  value = {
    for key, method in aws_api_gateway_method.this :
    key => { resource_id = method.resource_id, http_method = method.http_method }
  }
}

output "redeployment" {
  description = "Changes with whatever is guarded here: for the triggers of the aws_api_gateway_deployment, without which a stage stays as it was."
  value = sha1(jsonencode([
    aws_api_gateway_authorizer.this,
    aws_api_gateway_method.this,
    aws_api_gateway_gateway_response.unauthorized,
    aws_api_gateway_gateway_response.access_denied,
  ]))
}
