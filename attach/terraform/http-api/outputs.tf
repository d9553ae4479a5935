output "authorizer_id" {
  description = "The id of the authorizer."
  value       = aws_apigatewayv2_authorizer.this.id
}

output "route_ids" {
  description = "Route key to the id of the route."
  value       = { for key, route in aws_apigatewayv2_route.this : key => route.id }
}
