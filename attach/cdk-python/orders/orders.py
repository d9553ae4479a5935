import json


def handler(event, context):
    authorizer = event["requestContext"]["authorizer"]
    # A REST API has what the authorizer tells at the top, an HTTP API in "lambda".
    caller = authorizer.get("lambda", authorizer)
    body = {"client_id": caller.get("client_id"), "scope": caller.get("scope")}
    return {"statusCode": 200, "body": json.dumps(body)}
