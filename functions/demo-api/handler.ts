import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
} from 'aws-lambda';

/** What the authorizer found in the access token; every value is a string. */
type AuthorizerContext = Readonly<Record<string, string>>;

type DemoApiEvent = APIGatewayProxyEventV2WithLambdaAuthorizer<AuthorizerContext | undefined>;

/** Answers with what the authorizer told it; an API without an authorizer in front is a fault. */
export async function handleDemoApi(
  event: DemoApiEvent,
): Promise<APIGatewayProxyStructuredResultV2> {
  const context = event.requestContext.authorizer?.lambda;
  if (!context?.client_id) return answer(500, { message: 'no authorizer has seen this request' });
  return answer(200, { message: `${event.routeKey}: the authorizer let you in`, ...context });
}

function answer(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
