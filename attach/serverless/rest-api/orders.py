import json


def handler(event, context):
    caller = event["requestContext"]["authorizer"]
    body = {"client_id": caller["client_id"], "scope": caller["scope"]}
    return {"statusCode": 200, "body": json.dumps(body)}
